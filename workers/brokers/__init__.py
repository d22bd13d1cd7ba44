"""What carries hints: Redis, or RabbitMQ when it is set."""
