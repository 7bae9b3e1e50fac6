using System.Text;
using MimeKit;

namespace OrleansNotify.Channels.Email;

/// <summary>
/// The two forms of a mail's content. Knows when it was written whole: the next thing that the SMTP client writes is the final dot, so
/// from then on the server may have taken the mail over, and before it cannot.
/// </summary>
internal sealed class MailBody : Multipart
{
    public MailBody(string boundary, string text, string html)
        : base("alternative")
    {
        Boundary = boundary;
        Add(Part("plain", text));
        Add(Part("html", html));
    }

    /// <summary>Whether all of it was written, and the final dot may have been.</summary>
    public bool IsWritten { get; private set; }

    public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        await base.WriteToAsync(options, stream, contentOnly, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        IsWritten = true;
    }

    private static TextPart Part(string subtype, string text)
    {
        TextPart part = new(subtype) { Text = text.ReplaceLineEndings("\r\n") };

        // Always encoded: so a line is never too long, and nothing in the text can look like the boundary. What is mostly not ASCII is
        // shorter in base64.
        var mostlyAscii = Encoding.UTF8.GetByteCount(text) <= text.Length * 5 / 4;
        part.ContentTransferEncoding = mostlyAscii ? ContentEncoding.QuotedPrintable : ContentEncoding.Base64;
        return part;
    }
}
