import com.azure.cosmos.CosmosClientBuilder;
import com.azure.cosmos.models.CosmosQueryRequestOptions;
import com.azure.cosmos.models.PartitionKey;
import java.util.Map;

/** Creates an order, reads it, finds it by query. The address and the key come from the environment. */
public final class Orders {
    public static void main(String[] args) {
        try (var client = new CosmosClientBuilder()
                .endpoint(System.getenv("COSMOS_ENDPOINT"))
                .key(System.getenv("COSMOS_KEY"))
                .gatewayMode()
                .endpointDiscoveryEnabled(false)
                .buildClient()) {
            client.createDatabaseIfNotExists("shop");
            var database = client.getDatabase("shop");
            database.createContainerIfNotExists("orders", "/customer");
            var orders = database.getContainer("orders");

            orders.upsertItem(Map.of("id", "1", "customer", "ada", "total", 42));
            var read = orders.readItem("1", new PartitionKey("ada"), Map.class);
            System.out.println("read " + read.getItem().get("total") + " for " + read.getRequestCharge() + " RU");

            orders.queryItems("SELECT * FROM c WHERE c.total > 40", new CosmosQueryRequestOptions(), Map.class)
                    .forEach(order -> System.out.println("found " + order.get("id")));
        }
    }
}
