using System.Net;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Silo;

namespace OrleansNotify.Tests.Host;

public sealed class SiloAddressesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "127.0.0.1")]
    public async Task An_address_of_this_machine_or_its_name_is_given_to_others_and_listened_on(string setting, string address)
    {
        var found = await SiloAddresses.Find(setting, Cancellation);
        Assert.Equal((address, address), (found.Advertised.ToString(), found.Listening.ToString()));
    }

    [Fact]
    public async Task An_address_of_a_service_before_it_is_given_to_others_and_the_machines_own_is_listened_on()
    {
        var own = await SiloAddresses.Find(null, Cancellation);
        // TEST-NET-1: nobody's.
        var found = await SiloAddresses.Find("192.0.2.7", Cancellation);
        Assert.Equal((IPAddress.Parse("192.0.2.7"), own.Listening), (found.Advertised, found.Listening));
        Assert.Equal(own.Advertised, own.Listening);
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_told_by_the_settings_name()
    {
        using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        soon.CancelAfter(TimeSpan.FromSeconds(1));
        var fault = await Assert.ThrowsAsync<SettingsException>(() => SiloAddresses.Find("nowhere.invalid", soon.Token));
        Assert.StartsWith("ORLEANS_ADVERTISED_IP: the name nowhere.invalid leads to no", Assert.Single(fault.Problems), StringComparison.Ordinal);
    }
}
