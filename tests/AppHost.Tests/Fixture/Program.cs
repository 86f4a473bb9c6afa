// "host" runs the launcher on the resources its arguments describe; "service" is one of the processes it launches.
switch (args[0])
{
    case "host": FixtureHost.Run(args[1..]); break;
    case "service": await FixtureService.RunAsync(args[1..]); break;
    default: throw new ArgumentException($"'{args[0]}' is neither host nor service.");
}
