"""What every recording needs: a closed-off network, a sniffer and a real nginx."""
