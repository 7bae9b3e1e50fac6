using System.Text.Json;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Auth;

public sealed class RoleClaimTests
{
    [Theory]
    [InlineData("""{"role": "owner"}""", "role", "owner")]
    [InlineData("""{"roles": ["Notify.Owner", "x"]}""", "roles", "Notify.Owner x")]
    [InlineData("""{"realm_access": {"roles": ["a", 1, null, "b"]}}""", "realm_access.roles", "a b")]
    [InlineData("""{"resource_access": {"our.api": {"roles": ["a"]}}}""", "resource_access.our.api.roles", "a")]
    [InlineData("""{"https://our.example/roles": ["a"]}""", "https://our.example/roles", "a")]
    [InlineData("""{"realm_access": {"roles": 7}}""", "realm_access.roles", "")]
    [InlineData("""{"realm_access": ["roles"]}""", "realm_access.roles", "")]
    [InlineData("""{"realm_access": {}}""", "realm_access.roles", "")]
    [InlineData("""{"other": "a"}""", "realm_access.roles", "")]
    public void Roles_are_read_at_a_path(string claims, string path, string roles) =>
        Assert.Equal(roles, string.Join(' ', RoleClaim.Read(JsonElement.Parse(claims), path)));
}
