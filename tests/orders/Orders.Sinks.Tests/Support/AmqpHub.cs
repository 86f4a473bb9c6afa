using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;

namespace Orders.Sinks.Tests.Support;

/// <summary>
/// Speaks AMQP 1.0 as an Event Hubs namespace does to a producer: tokens, properties of a hub, and events, of which it keeps what it has
/// acknowledged when it is stopped. It is no Event Hubs: it has no partitions, no quotas and no TLS.
/// </summary>
internal sealed class AmqpHub : IRuntimeProvider, IAsyncDisposable
{
    private const string Tokens = "$cbs";
    private const string Management = "$management";

    private readonly ConcurrentDictionary<AmqpConnection, bool> _connections = [];
    private readonly ConcurrentDictionary<string, SendingAmqpLink> _answers = new(StringComparer.Ordinal);
    private readonly Action<string, AmqpMessage> _received;
    private TransportListener? _listener;
    private int _delivery;

    /// <param name="received">Told of each event before it is acknowledged: the hub, and the message.</param>
    public AmqpHub(Action<string, AmqpMessage> received) => _received = received;

    public int Port { get; } = LoopbackPorts.Free();

    public string ConnectionString =>
        $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName=send;SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true";

    /// <summary>Whether it takes the tokens it is shown.</summary>
    public bool LetsIn { get; set; } = true;

    public void Start()
    {
        var settings = new AmqpSettings { RuntimeProvider = this };
        var sasl = new SaslTransportProvider { Versions = { new AmqpVersion(1, 0, 0) } };
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        settings.TransportProviders.Add(sasl);
        settings.TransportProviders.Add(new AmqpTransportProvider { Versions = { new AmqpVersion(1, 0, 0) } });
        _listener = new AmqpTransportListener([new TcpTransportSettings { Host = "127.0.0.1", Port = Port }.CreateListener()], settings);
        _listener.Listen((_, transport) => Accept(transport, settings));
    }

    /// <summary>As a crash would end it: nobody is told.</summary>
    public void Stop()
    {
        _listener?.Close();
        _listener = null;
        foreach (var connection in _connections.Keys)
            connection.Abort();
        _connections.Clear();
        _answers.Clear();
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    AmqpConnection IConnectionFactory.CreateConnection(
        TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings, AmqpConnectionSettings connectionSettings) =>
        new(transport, protocolHeader, false, amqpSettings, connectionSettings);

    AmqpSession ISessionFactory.CreateSession(AmqpConnection connection, AmqpSessionSettings settings) => throw new NotSupportedException();

    AmqpLink ILinkFactory.CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        if (settings.Role != true)
            return new SendingAmqpLink(session, settings);
        settings.MaxMessageSize = 1024 * 1024;
        settings.TotalLinkCredit = 1000;
        settings.AutoSendFlow = true;
        return new ReceivingAmqpLink(session, settings);
    }

    IAsyncResult ILinkFactory.BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state)
    {
        if (link is SendingAmqpLink answers)
            _answers[((Target)link.Settings.Target).Address.ToString()!] = answers;
        else if (link is ReceivingAmqpLink receiving)
        {
            var node = ((Target)link.Settings.Target).Address.ToString()!.Trim('/');
            receiving.RegisterMessageListener(message => Receive(receiving, node, message));
        }

        return TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);
    }

    void ILinkFactory.EndOpenLink(IAsyncResult result) => TaskToAsyncResult.End(result);

    private void Accept(TransportAsyncCallbackArgs transport, AmqpSettings settings)
    {
        var hub = new AmqpConnectionSettings { ContainerId = "hub", MaxFrameSize = 64 * 1024 };
        var connection = new AmqpConnection(transport.Transport, (ProtocolHeader)transport.UserToken, false, settings, hub);
        _connections[connection] = true;
        connection.Closed += (_, _) => _connections.TryRemove(connection, out bool _);
        connection.BeginOpen(
            TimeSpan.FromSeconds(10),
            result =>
            {
                try
                {
                    connection.EndOpen(result);
                }
                catch (Exception e) when (e is AmqpException or TimeoutException or IOException or InvalidOperationException or OperationCanceledException)
                {
                    connection.SafeClose(e); // whoever called has gone
                }
            },
            null);
    }

    private void Receive(ReceivingAmqpLink link, string node, AmqpMessage message)
    {
        if (node is Tokens or Management)
            Answer(message, node == Tokens ? null : Properties(message));
        else
            _received(node, message);
        link.DisposeMessage(message, AmqpConstants.AcceptedOutcome, settled: true, batchable: false);
    }

    private void Answer(AmqpMessage request, AmqpMap? body)
    {
        var answer = AmqpMessage.Create(new AmqpValue { Value = body });
        answer.Properties.CorrelationId = request.Properties.MessageId;
        answer.ApplicationProperties.Map["status-code"] = LetsIn ? 200 : 401;
        answer.ApplicationProperties.Map["status-description"] = LetsIn ? "OK" : "The key is not known.";
        _answers[request.Properties.ReplyTo.ToString()!].SendMessageNoWait(
            answer, new ArraySegment<byte>(BitConverter.GetBytes(Interlocked.Increment(ref _delivery))), default);
    }

    private static AmqpMap Properties(AmqpMessage request) => new()
    {
        [new MapKey("name")] = request.ApplicationProperties.Map["name"],
        [new MapKey("created_at")] = DateTime.UnixEpoch,
        [new MapKey("partition_ids")] = new[] { "0" },
        [new MapKey("georeplication_factor")] = 1,
    };
}
