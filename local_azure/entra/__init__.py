"""What stands in for Microsoft Entra: tokens for whoever asks on this machine, worth nothing anywhere else."""
