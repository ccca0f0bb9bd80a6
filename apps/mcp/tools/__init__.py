"""What agents can do: one module for each part of the product, over the other apps' doors."""
