"""Microsoft.Support of Azure Resource Manager, simulated."""
