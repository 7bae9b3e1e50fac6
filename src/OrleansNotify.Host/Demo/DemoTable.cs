using Spectre.Console;

namespace OrleansNotify.Host.Demo;

/// <summary>The demo's messages as a table in the terminal.</summary>
internal static class DemoTable
{
    public static Table Of(IEnumerable<DemoMessage> messages)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Alert", "Channel", "Status", "Timeline");
        foreach (var message in messages)
        {
            table.AddRow(
                Markup.Escape(message.Alert), message.Channel.ToString(), $"[{ColourOf(message)}]{Markup.Escape(message.Status)}[/]",
                Markup.Escape(message.Timeline()));
        }

        return table;
    }

    private static string ColourOf(DemoMessage message) => message switch
    {
        { View.Status: MessageStatus.Sent } => "green",
        { IsSettled: true } => "red",
        _ => "yellow",
    };
}
