using System.Diagnostics;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Mail;

/// <summary>Debian's Postfix with one mailbox, in folders of its own; nothing of the machine's mail system is touched.</summary>
internal sealed class Postfix : IAsyncDisposable
{
    public const string Mailbox = "anna@real.example";

    private const string Master = "/usr/lib/postfix/sbin/master";

    private readonly DirectoryInfo _directory;
    private readonly ChildProcess _master;

    private Postfix(DirectoryInfo directory, ChildProcess master, int port) => (_directory, _master, Port) = (directory, master, port);

    public int Port { get; }

    /// <summary>What it has logged.</summary>
    public string Log => _master.Output;

    /// <summary>Skips the test, or fails it, where Postfix cannot run: it wants root, for it changes to its own users.</summary>
    public static void Need()
    {
        Needs.Program("postfix");
        Needs.Program("saslpasswd2");
        Needs.That(Environment.IsPrivilegedProcess, "root, to start Postfix");
    }

    /// <summary>Where its settings lie.</summary>
    public string Etc => Path.Combine(_directory.FullName, "etc");

    /// <summary>How many mails lie in the mailbox.</summary>
    public int Mails => Directory.Exists(New) ? Directory.GetFiles(New).Length : 0;

    private string New => Path.Combine(_directory.FullName, "mail", "anna", "new");

    /// <summary>Starts one that anybody may use; or, with the port of a policy service, one as <see cref="Submission"/> says.</summary>
    public static async Task<Postfix> Start(int? policy = null)
    {
        var port = FreePort.Find();
        var directory = Directory.CreateTempSubdirectory("notify-postfix-");
        // Its daemons change to users of their own, which have to get here.
        await Run("chmod", "755", directory.FullName);
        foreach (var folder in (string[])["etc", "spool", "data", "mail"]) directory.CreateSubdirectory(folder);
        await Run("chown", "postfix:postfix", Path.Combine(directory.FullName, "data"), Path.Combine(directory.FullName, "mail"));
        var etc = Path.Combine(directory.FullName, "etc");
        await File.WriteAllTextAsync(Path.Combine(etc, "main.cf"), PostfixFiles.MainCf(directory.FullName) + (policy is { } asked ? await Submission.Prepare(etc, asked) : ""));
        await File.WriteAllTextAsync(Path.Combine(etc, "master.cf"), PostfixFiles.MasterCf(port));
        await Run("postfix", "-c", etc, "check");
        var master = ChildProcess.Start(Master, ["-s", "-c", etc], new Dictionary<string, string> { ["MAIL_CONFIG"] = etc });
        Postfix postfix = new(directory, master, port);
        await master.WaitForLine(line => line.Contains("daemon started", StringComparison.Ordinal), "that it is started", TimeSpan.FromSeconds(20));
        return postfix;
    }

    /// <summary>Waits for the next mail in the mailbox.</summary>
    public async Task<MimeKit.MimeMessage> WaitForMail(TimeSpan atMost)
    {
        await _master.WaitForLine(line => line.Contains("delivered to maildir", StringComparison.Ordinal), "that it delivered a mail", atMost);
        var file = Directory.GetFiles(New).Single();
        return await MimeKit.MimeMessage.LoadAsync(file);
    }

    /// <summary>Waits for a line of its log.</summary>
    public Task WaitForLine(string part, TimeSpan atMost) => _master.WaitForLine(line => line.Contains(part, StringComparison.Ordinal), $"\"{part}\"", atMost);

    public static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    public async ValueTask DisposeAsync()
    {
        await _master.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
