"""The package for all access to the language model: client, prompts, validated outputs, budgets and usage.

Its only state is what it learned about endpoints.
"""
import lazy_modules

lazy_modules.install()
