/*
 * merlin.so with a stopwatch: what the scheduler's thread spends with us, by kind of call. merlin.c as it is, but that the
 * scheduler's registering functions, which it looks up by name, are given ours.
 *
 * With MERLIN_MODULE_MEASURE=FILE, at the command _MERLIN_MEASURED and at the end, twelve lines are added: "first" (the first
 * thousand calls) or "then", the kind, calls, nanoseconds in all and at most, nanoseconds of CPU in all and at most, then how
 * many calls took less than 1, 2, 4, ... ns. What is "then" begins anew each time. What a turn causes is "nested".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

static void *measured_dlsym(void *handle, const char *name);

#define dlsym measured_dlsym
#define nebmodule_init merlin_init
#define nebmodule_deinit merlin_deinit
int merlin_init(int, char *, void *);
int merlin_deinit(int, int);
#include "../../main/c/merlin.c"
#undef dlsym
#undef nebmodule_init
#undef nebmodule_deinit
#include <time.h>

enum { M_START, M_PRECHECK, M_PROCESSED, M_OTHER, M_NESTED, M_TURN, MEASURED, M_WARM = 1000, M_POWERS = 36 };
static struct spent { uint64_t calls, nanos, most, cpu, most_cpu, below[M_POWERS]; } spent[2][MEASURED];
static int (*real_register_callback)(int, void *, int, callback_fn);
static int (*real_io_register)(void *, int, void *, io_fn);

static uint64_t nanos(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

struct watch { uint64_t cpu, wall; };

static struct watch begin(void)
{
    struct watch watch;
    watch.cpu = nanos(CLOCK_THREAD_CPUTIME_ID);
    watch.wall = nanos(CLOCK_MONOTONIC);
    return watch;
}

static void spend(int what, struct watch since)
{
    uint64_t took = nanos(CLOCK_MONOTONIC) - since.wall, cpu = nanos(CLOCK_THREAD_CPUTIME_ID) - since.cpu;
    struct spent *to = &spent[what != M_START && spent[0][what].calls >= M_WARM][what];
    to->calls++;
    to->nanos += took;
    to->most = took > to->most ? took : to->most;
    to->cpu += cpu;
    to->most_cpu = cpu > to->most_cpu ? cpu : to->most_cpu;
    to->below[took ? 64 - __builtin_clzll(took) < M_POWERS ? 64 - __builtin_clzll(took) : M_POWERS - 1 : 0]++;
}

static void write_spent(void)
{
    static const char *const names[] = {"start", "precheck", "processed", "other", "nested", "turn"};
    const char *measure_file = getenv("MERLIN_MODULE_MEASURE");
    FILE *file = measure_file ? fopen(measure_file, "ae") : NULL;
    for (int i = 0; file && i < 2 * MEASURED; i++) {
        struct spent *of = &spent[i / MEASURED][i % MEASURED];
        fprintf(file, "%s %s %lu %lu %lu %lu %lu", i < MEASURED ? "first" : "then", names[i % MEASURED],
            of->calls, of->nanos, of->most, of->cpu, of->most_cpu);
        for (int power = 0; power < M_POWERS; power++)
            fprintf(file, " %lu", of->below[power]);
        fputc('\n', file);
    }
    memset(spent[1], 0, sizeof spent[1]);
    if (file)
        fclose(file);
}

static int measured_event(int kind, void *data)
{
    if (!data || !ours())
        return on_broker_event(kind, data);
    int type = i32(data, 0), what = M_OTHER;
    if (in_java)
        what = M_NESTED;
    else if (kind == PROCESS)
        what = M_START;
    else if (kind == SERVICE_CHECK || kind == HOST_CHECK)
        what = type % 100 == 4 ? M_PRECHECK : type % 100 == 1 ? M_PROCESSED : M_OTHER;
    struct watch watch = begin();
    int answer = on_broker_event(kind, data);
    spend(what, watch);
    if (kind == COMMAND && type == 1401 && !strcmp(ptr(data, 48), "_MERLIN_MEASURED"))
        write_spent();
    return answer;
}

static int measured_wake(int fd, int events, void *nothing)
{
    struct watch watch = begin();
    int answer = on_wake(fd, events, nothing);
    spend(M_TURN, watch);
    return answer;
}

static int register_measured(int kind, void *handle, int priority, callback_fn callback)
{
    return real_register_callback(kind, handle, priority, callback == on_broker_event ? measured_event : callback);
}

static int io_register_measured(void *set, int fd, void *argument, io_fn callback)
{
    return real_io_register(set, fd, argument, callback == on_wake ? measured_wake : callback);
}

static void *measured_dlsym(void *handle, const char *name)
{
    void *found = dlsym(handle, name), *ours_instead = NULL;
    if (!strcmp(name, "neb_register_callback")) {
        memcpy(&real_register_callback, &found, sizeof found);
        *(int (**)(int, void *, int, callback_fn))&ours_instead = register_measured;
    } else if (!strcmp(name, "iobroker_register")) {
        memcpy(&real_io_register, &found, sizeof found);
        *(int (**)(void *, int, void *, io_fn))&ours_instead = io_register_measured;
    }
    return found && ours_instead ? ours_instead : found;
}

int nebmodule_init(int flags, char *arguments, void *handle)
{
    struct watch watch = begin();
    int answer = merlin_init(flags, arguments, handle);
    spend(M_START, watch);
    return answer;
}

int nebmodule_deinit(int flags, int reason)
{
    write_spent();
    return merlin_deinit(flags, reason);
}
