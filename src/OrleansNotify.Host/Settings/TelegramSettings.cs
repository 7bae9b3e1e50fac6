using System.Text.RegularExpressions;

namespace OrleansNotify.Host.Settings;

/// <summary>Reads the Telegram channel's settings.</summary>
internal static partial class TelegramSettings
{
    private const string TokenKey = "TELEGRAM_BOT_TOKEN", BaseUrlKey = "TELEGRAM_API_BASE_URL";

    public static TelegramOptions? Read(SettingValues values)
    {
        var baseUrl = values.Url(BaseUrlKey);
        if (baseUrl is not null && baseUrl.AbsolutePath != "/") values.Wrong(BaseUrlKey, "has a path; scheme and authority alone, such as https://api.telegram.org");
        if (values.Secret(TokenKey) is not { } token)
        {
            if (baseUrl is not null) values.Wrong(TokenKey, $"is missing, but {BaseUrlKey} is set");
            return null;
        }

        if (!TokenForm().IsMatch(token)) values.Wrong(TokenKey, "is not a bot's token: digits, a colon, then letters, digits, '-' and '_'");
        TelegramOptions options = new() { BotToken = token };
        return baseUrl is null ? options : options with { ApiBaseUrl = baseUrl.GetLeftPart(UriPartial.Authority) };
    }

    [GeneratedRegex(@"^[0-9]{1,20}:[A-Za-z0-9_-]{1,100}\z")]
    private static partial Regex TokenForm();
}
