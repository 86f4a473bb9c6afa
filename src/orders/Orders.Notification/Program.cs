using Orders.Hosting;
using Orders.Notification;

return await Workers.RunAsync("notification", args, NotificationWorker.Worker);
