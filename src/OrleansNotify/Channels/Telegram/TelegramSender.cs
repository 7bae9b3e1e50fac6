using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using OrleansNotify.Channels.Http;
using OrleansNotify.Delivery;
using OrleansNotify.Templates;
using Telegram.Bot;
using Telegram.Bot.Exceptions;

namespace OrleansNotify.Channels.Telegram;

/// <summary>
/// Sends over the Telegram Bot API. The token is a part of every request's URL, so nothing of a request, an exception's text included, goes
/// into an outcome.
/// </summary>
internal sealed class TelegramSender : IChannelSender, IDisposable
{
    private const int Connections = 64;

    private readonly TimeProvider _clock;
    private readonly ProviderConnections _connections;
    private readonly HttpClient _http;
    private readonly TelegramBotClient _bot;
    private readonly Uri _service;
    private readonly string _secret;

    public TelegramSender(TelegramOptions options, TimeProvider clock, X509ChainPolicy? trust = null)
    {
        _clock = clock;
        _connections = new ProviderConnections((_, _) => true, trust);
        _service = new Uri(options.ApiBaseUrl);
        _http = _connections.CreateClient(Connections);
        // The part behind the colon is the secret, and stands in the URL as it is, while the colon may be written in several ways.
        _secret = options.BotToken[(options.BotToken.IndexOf(':', StringComparison.Ordinal) + 1)..];
        TelegramBotClientOptions bot = new(options.BotToken, options.ApiBaseUrl) { RetryThreshold = 0, RetryCount = 0 };
        _bot = new TelegramBotClient(bot, _http);
        _bot.OnApiResponseReceived += (_, answer, _) =>
        {
            ((SendTextRequest)answer.ApiRequestEventArgs.Request).RetryAfter = RetryAfter.Of(answer.ResponseMessage.Headers, _clock.GetUtcNow());
            return ValueTask.CompletedTask;
        };
    }

    public Channel Channel => Channel.Telegram;

    public TimeSpan HardEnd => TimeSpan.FromSeconds(30);

    public async Task<Outcome> Send(SendJob job, CancellationToken hardEnd)
    {
        var address = job.To.TelegramChatId!;
        string text;
        try
        {
            text = job.Template.RenderTelegram(job.Vars, job.Locale);
        }
        catch (TemplateRenderException fault)
        {
            return new Outcome
            {
                Kind = OutcomeKind.Rejected,
                Reason = "template",
                Detail = ProviderText.Clean(fault.Message),
                Address = address,
                SpeaksOf = SpeaksOf.Recipient,
            };
        }

        await using TurnGate gate = new(job.Turn, _clock, hardEnd);
        SendTextRequest request = new(long.Parse(address, CultureInfo.InvariantCulture), text, gate);
        return await Send(request, gate, hardEnd) with { Address = address };
    }

    public void Dispose() => _http.Dispose();

    private async Task<Outcome> Send(SendTextRequest request, TurnGate gate, CancellationToken hardEnd)
    {
        try
        {
            var sent = await _bot.SendRequest(request, gate.Cancellation);
            return new Outcome { Kind = OutcomeKind.Sent, ProviderId = sent.MessageId.ToString(CultureInfo.InvariantCulture), Answered = true };
        }
        catch (ApiRequestException error)
        {
            return TelegramAnswer.Read(error.ErrorCode, error.Message, error.Parameters, request.RetryAfter, _secret);
        }
        catch (RequestException error) when (error.HttpStatusCode is { } status)
        {
            return TelegramAnswer.Read((int)status, hardEnd.IsCancellationRequested, request.RetryAfter);
        }
        catch (Exception error) when (error is RequestException or OperationCanceledException)
        {
            return NoAnswer.Read(request.Body!.WasWritten, gate.IsOver, hardEnd.IsCancellationRequested, _connections.TakeFailure(_service));
        }
    }
}
