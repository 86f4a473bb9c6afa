namespace ChangeFeed.DeltaLake;

/// <summary>The types of columns that are written and read here, as the protocol names them.</summary>
public static class DeltaTypes
{
    /// <summary>Text; a .NET string.</summary>
    public const string String = "string";

    /// <summary>64 bits; a .NET long.</summary>
    public const string Long = "long";

    /// <summary>32 bits; a .NET int.</summary>
    public const string Integer = "integer";

    /// <summary>A moment, to the microsecond; a .NET DateTimeOffset.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>A day. Here only of columns that partition, whose values are texts such as <c>2026-11-27</c>.</summary>
    public const string Date = "date";

    /// <summary>A number with a fixed number of places; a .NET decimal.</summary>
    /// <param name="precision">Digits at most; 1 to 28.</param>
    /// <param name="scale">How many of them are behind the point.</param>
    public static string Decimal(int precision, int scale) => FormattableString.Invariant($"decimal({precision},{scale})");
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">One of <see cref="DeltaTypes"/>; tables of others may have more, which cannot be read here.</param>
/// <param name="IsNullable">Whether it may be empty. Columns that are added later must be.</param>
public sealed record DeltaField(string Name, string Type, bool IsNullable = true);

/// <summary>The columns of a table.</summary>
/// <param name="Fields">All columns, in their order.</param>
/// <param name="PartitionColumns">Those whose value is the same in all of a file, and is in the log instead.</param>
public sealed record DeltaSchema(IReadOnlyList<DeltaField> Fields, IReadOnlyList<string> PartitionColumns)
{
    /// <summary>The columns that are in the files.</summary>
    public IEnumerable<DeltaField> DataFields => Fields.Where(one => !PartitionColumns.Contains(one.Name));

    /// <summary>This schema and the columns of another that it lacks, behind its own; itself where it lacks none.</summary>
    /// <param name="other">A schema with columns to be added.</param>
    /// <exception cref="DeltaTableException">A column of both has another type, or an added one may not be empty.</exception>
    public DeltaSchema With(DeltaSchema other)
    {
        var added = new List<DeltaField>();
        foreach (var field in other.Fields)
        {
            if (Fields.FirstOrDefault(own => own.Name == field.Name) is not { } own)
                added.Add(field.IsNullable ? field : throw new DeltaTableException($"Column '{field.Name}' is added to a table and must be nullable."));
            else if (own.Type != field.Type)
                throw new DeltaTableException($"Column '{field.Name}' of the table is {own.Type}; what is to be written is {field.Type}.");
        }

        return added.Count == 0 ? this : this with { Fields = [.. Fields, .. added] };
    }
}
