using Orders.Archive.Commands;

return await ArchiveCommands.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
