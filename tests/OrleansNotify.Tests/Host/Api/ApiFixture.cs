namespace OrleansNotify.Tests.Host.Api;

/// <summary>One API for all tests of a class, which leave its users alone or use each their own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    internal ApiHost Api { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Api = await ApiHost.Start();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
