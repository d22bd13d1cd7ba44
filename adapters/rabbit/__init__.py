"""RabbitMQ, as hints, requests and events use it; never knows what they mean."""
