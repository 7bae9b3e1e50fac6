namespace OrleansNotify.EndToEnd.Mail;

/// <summary>The settings of a Postfix that takes mail for one mailbox and sends nothing on.</summary>
internal static class PostfixFiles
{
    public static string MainCf(string folder) => $$"""
        compatibility_level = 3.6
        queue_directory = {{folder}}/spool
        data_directory = {{folder}}/data
        maillog_file = /dev/stdout
        myhostname = mail.real.example
        mydestination =
        local_recipient_maps =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        virtual_mailbox_domains = real.example
        virtual_mailbox_base = {{folder}}/mail
        virtual_mailbox_maps = inline:{{{Postfix.Mailbox}}=anna/}
        virtual_uid_maps = static:{{Id('u')}}
        virtual_gid_maps = static:{{Id('g')}}
        virtual_minimum_uid = 1
        smtpd_relay_restrictions = reject_unauth_destination
        default_transport = error:this server sends nothing on
        """ + "\n";

    public static string MasterCf(int port) => $"""
        127.0.0.1:{port} inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        virtual unix - n n - - virtual
        error unix - - n - - error
        retry unix - - n - - error
        tlsmgr unix - - n 1000? 1 tlsmgr
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd
        """ + "\n";

    private static string Id(char which) => File.ReadLines(which == 'u' ? "/etc/passwd" : "/etc/group")
        .First(line => line.StartsWith("postfix:", StringComparison.Ordinal)).Split(':')[2];
}
