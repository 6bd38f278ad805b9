/* The yardstick: libpcap reads every packet of a capture, and nothing is done with it. */
#include <pcap/pcap.h>
#include <stdio.h>

static void count(u_char *total, const struct pcap_pkthdr *header, const u_char *bytes) {
    (void)bytes;
    *(unsigned long long *)total += header->caplen;
}

int main(int argc, char **argv) {
    char error[PCAP_ERRBUF_SIZE];
    unsigned long long total = 0;
    pcap_t *capture = argc > 1 ? pcap_open_offline(argv[1], error) : NULL;
    if (!capture || pcap_loop(capture, -1, count, (u_char *)&total) < 0) return 1;
    printf("%llu\n", total);
    pcap_close(capture);
    return 0;
}
