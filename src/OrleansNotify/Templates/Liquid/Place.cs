namespace OrleansNotify.Templates.Liquid;

/// <summary>What a value is where it is put out.</summary>
internal enum Place
{
    /// <summary>Something to read: a long one may be cut.</summary>
    Text,

    /// <summary>A push's member other than <c>title</c>, <c>body</c> and <c>url</c>: a program reads it.</summary>
    Member,

    /// <summary>The beginning of a link: the value would say where it leads.</summary>
    Link,

    /// <summary>Behind <c>https://</c>: the value would be the host.</summary>
    Host,

    /// <summary>Behind a host that a value could still go on with.</summary>
    AfterHost,

    /// <summary>The beginning of an address that is a path.</summary>
    Root,

    /// <summary>Behind that path's first slash: a second one would begin a host.</summary>
    AfterRoot,

    /// <summary>Within an address whose host is certain.</summary>
    Path,
}
