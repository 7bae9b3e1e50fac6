using OrleansNotify.EndToEnd;
using OrleansNotify.EndToEnd.Faults;

// The tests, unless it is told to be the fault harness, or one of the hosts that the harness kills.
return FaultCommands.Know(args)
    ? await FaultCommands.Run(args)
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
