"""Creates an order, reads it, finds it by query. The address and the key come from the environment."""

import os

from azure.cosmos import CosmosClient, PartitionKey

client = CosmosClient(
    os.environ["COSMOS_ENDPOINT"], os.environ["COSMOS_KEY"], connection_mode="Gateway", enable_endpoint_discovery=False
)
database = client.create_database_if_not_exists("shop")
orders = database.create_container_if_not_exists("orders", PartitionKey("/customer"))

orders.upsert_item({"id": "1", "customer": "ada", "total": 42})
read = orders.read_item("1", partition_key="ada")
print(f"read {read['total']}")

for order in orders.query_items("SELECT * FROM c WHERE c.total > 40", enable_cross_partition_query=True):
    print(f"found {order['id']}")
