namespace OrleansNotify.Templates.Liquid;

/// <summary>Where the values of a part go: it decides how they are escaped.</summary>
internal enum Target
{
    /// <summary>Plain text of several lines.</summary>
    Text,

    /// <summary>A mail's subject: one line.</summary>
    Subject,

    /// <summary>HTML text, or an attribute in quotes.</summary>
    Html,

    /// <summary>Telegram's MarkdownV2: text, code or a link's address.</summary>
    MarkdownV2,

    /// <summary>Inside the quotes of a JSON string (RFC 8259, section 7).</summary>
    Json,
}
