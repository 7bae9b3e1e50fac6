using System.CommandLine;
using OrleansNotify.Host.CommandLine.Campaigns;
using OrleansNotify.Host.Settings;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.CommandLine;

/// <summary>What the program can be told to do.</summary>
internal static class NotifyCommands
{
    /// <summary>What a person has to put right before the program can do what it was told: a setting, a template, an argument.</summary>
    public const int Misconfigured = 2;

    public static async Task<int> Run(string[] arguments)
    {
        RootCommand root = new("OrleansNotify: a notification cluster for push, Telegram and email. Without a command it runs a host.")
        {
            RunCommand.Make(),
            DemoCommand.Make(),
            TokenCommand.Make(),
            CampaignCommand.Make(),
            TemplatesCommand.Make(),
            VapidCommand.Make(),
            HealthCommand.Make(),
        };
        root.SetAction((_, cancellation) => RunCommand.Run(cancellation));
        try
        {
            // The host ends on a signal by itself, when what is under way has ended; the library would give it two seconds.
            return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (SettingsException wrong)
        {
            return Tell("These settings keep OrleansNotify from starting:", wrong.Problems);
        }
        catch (TemplateLoadException broken)
        {
            return Tell("These templates are broken:", broken.Problems);
        }
    }

    private static int Tell(string heading, IReadOnlyList<string> problems)
    {
        Console.Error.WriteLine(heading);
        foreach (var problem in problems) Console.Error.WriteLine("  " + problem);
        return Misconfigured;
    }
}
