"""The only door to the language model: client, prompts, validated outputs, budgets and usage. It keeps no state but what it learned of endpoints."""
