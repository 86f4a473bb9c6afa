using DuckDB.NET.Data;

namespace ChangeFeed.DeltaLake.Tests.Support;

/// <summary>A reader that shares no code with the writer.</summary>
internal static class Duck
{
    /// <summary>The first column of what a query gives.</summary>
    public static List<string> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add($"{reader.GetValue(0)}");
        return rows;
    }
}
