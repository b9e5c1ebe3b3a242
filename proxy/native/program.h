/*
 * The one program that runs where there is no Node: on the host and beside Envoy. The name by which it is called says what
 * it does (main.c).
 */
#ifndef PROGRAM_H
#define PROGRAM_H

/* What each name does; the result is the exit code. */
int cni_main(void);
int drain_main(int argc, char **argv);
int wait_main(int argc, char **argv);

/* Milliseconds of a clock that never goes back. */
long long now_ms(void);
void wait_ms(long ms);

/* Connects to a port of 127.0.0.1, on which reads and writes then take 2 s at most; -1 when nobody listens. */
int connect_loopback(int port);

/* Parses a whole decimal number from minimum, which is not negative, to maximum; -1 for anything else. */
long parse_number(const char *text, long minimum, long maximum);

#endif
