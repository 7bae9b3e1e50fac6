namespace OrleansNotify.Tests;

public sealed class PreconditionTests
{
    [Fact]
    public void None_holds_for_all()
    {
        Assert.True(Precondition.None.Holds(null));
        Assert.True(Precondition.None.Holds(7));
        Assert.False(Precondition.None.NamesVersion);
    }

    [Fact]
    public void A_version_holds_for_itself()
    {
        var seven = Precondition.Version(7);
        Assert.True(seven.Holds(7));
        Assert.False(seven.Holds(8));
        Assert.False(seven.Holds(null));
        Assert.True(seven.NamesVersion);
        Assert.False(new Precondition { Among = [] }.Holds(7));
    }

    [Fact]
    public void To_exist_is_no_version_and_not_to_exist_is_one()
    {
        Precondition exists = new() { MustExist = true }, missing = new() { MustNotExist = true };
        Assert.Equal((true, false, false), (exists.Holds(1), exists.Holds(null), exists.NamesVersion));
        Assert.Equal((false, true, true), (missing.Holds(1), missing.Holds(null), missing.NamesVersion));
    }

    [Fact]
    public void Others_hold_for_what_is_not_among_them()
    {
        Precondition others = new() { NotAmong = [1, 2] };
        Assert.Equal((false, true, true), (others.Holds(2), others.Holds(3), others.Holds(null)));
    }
}
