using OrleansNotify.Benchmarks.Load;
using Telegram.Bot;
using Telegram.Bot.Types.Enums;

namespace OrleansNotify.Benchmarks.Bare;

/// <summary>Telegram.Bot, one client for all loops.</summary>
internal sealed class BareTelegram(string text) : IBareClient, IBareConnection
{
    private readonly TelegramBotClient _client = new(new TelegramBotClientOptions(
        Environment.GetEnvironmentVariable("TELEGRAM_BOT_TOKEN")!, Environment.GetEnvironmentVariable("TELEGRAM_API_BASE_URL")));

    public Task<IBareConnection> Connect() => Task.FromResult<IBareConnection>(this);

    public Task Send(int number) => _client.SendMessage(Recipient.ChatId(number), text, ParseMode.MarkdownV2);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
