using System.CommandLine;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Host.CommandLine;

/// <summary><c>vapid generate</c>: a key pair by which push services know this cluster.</summary>
internal static class VapidCommand
{
    public static Command Make()
    {
        Command generate = new("generate", "Prints a new key pair as the settings VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY. Browsers that subscribed for another key have to subscribe anew.");
        generate.SetAction(_ =>
        {
            var keys = VapidKeys.Generate();
            Console.Out.WriteLine($"VAPID_PUBLIC_KEY={keys.PublicKey}");
            Console.Out.WriteLine($"VAPID_PRIVATE_KEY={keys.PrivateKey}");
            return 0;
        });
        return new Command("vapid", "Works on the keys of web push (RFC 8292).") { generate };
    }
}
