/*
 * A stand-in for schedulers that cannot be installed where tests run. It is compiled once per column of layouts.txt, with a
 * layout.h that the test makes of that column: NAEMON (0 or 1), VERSION, and FIELDS. It exports what a scheduler exports, lays
 * hosts, services, hostgroups and contacts into memory as that scheduler would, loads the real merlin.so, and calls it as the
 * scheduler would.
 *
 *   standin [-v VERSION] MODULE ARGUMENTS MAIN_CONFIG_FILE
 *
 * What it does is told on its standard input, one step per line; OBJECT is HOST or HOST;SERVICE:
 *
 *   load, start, reload, again, stop   the module's life; "again" loads it a second time
 *   precheck|notify|handler OBJECT N   asks, expects the answer N
 *   thread|fork OBJECT                 asks as precheck does, on another thread or in a child; expects 0
 *   alone                              asks for every object, expects 0
 *   check OBJECT CODE OUTPUT           a check of its own has ended
 *   command NAME;ARGUMENTS, comment OBJECT TEXT, downtime OBJECT TEXT, acknowledge OBJECT TEXT, uncomment, undowntime, retention
 *   mute OBJECT|contact|program        somebody has switched notifications off
 *   long OBJECT BYTES                  a check of its own has ended, with so much output, and bytes that are no text
 *   tidy                               whether signals are as a scheduler needs them, and plugins inherit nothing
 *   state OBJECT                       prints its fields
 *   retained                           from the next start on, objects have values of an earlier life from the beginning
 *   shift FIELD BYTES                  from the next start on, the module finds there what lies so many bytes behind;
 *                                      "shift none 0" ends it
 *   insert FIELD BYTES                 the same for this and all fields behind it, as if it were an older or newer release
 *
 * Each step ends in one line, "ok STEP" or "not ok STEP: WHY". Between them: "log: ..." for what the module logs, "call NAME ..."
 * for functions of the scheduler that it calls. The end of its input ends it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "callbacks.h"
#include "scheduler.h"

/* --- the module's life ----------------------------------------------------------------------------------------------- */

static const int OURS[] = {SIGHUP, SIGTERM, SIGINT, SIGQUIT};
static const char *module_path;
static char *module_arguments;
static void *module;

/* What the scheduler has made of signals before it loads modules; Nagios as a daemon takes SIGSEGV, at each reload anew. */
static void on_signal(int signal) { (void)signal; }
static void on_fault(int signal) { _exit(128 + signal); }

static sigset_t first_mask;

static void take_signals(void)
{
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        signal(OURS[i], on_signal);
    signal(SIGPIPE, SIG_IGN);
    if (!NAEMON)
        signal(SIGSEGV, on_fault);
}

/* What a program that was started by fork and exec has open beside its standard descriptors: a line each. */
static int print_descriptors(void)
{
    for (int fd = 3; fd < 1024; fd++) {
        char link[32], target[256];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, target, sizeof target);
        if (length > 0)
            printf("%.*s\n", (int)length, target);
    }
    return 0;
}

/* Starts one as a scheduler starts its workers, which start the plugins; what of ours it has then, or NULL. */
static const char *inherited(void)
{
    static char why[300] = "plugins would inherit ";
    size_t at = strlen("plugins would inherit ");
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return "there is no pipe";
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        execl("/proc/self/exe", "standin", "descriptors", NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    int any = fgets(why + at, (int)(sizeof why - at), said) != NULL, status = -1;
    fclose(said);
    waitpid(child, &status, 0);
    why[strcspn(why, "\n")] = 0;
    return status ? "a program could not be started" : any ? why : NULL;
}

/* Signals are ours still, SIGSEGV is the JVM's, no more are blocked than before, nothing that is open goes over to plugins. */
static const char *tidy(void)
{
    struct sigaction now;
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        if (sigaction(OURS[i], NULL, &now) || now.sa_handler != on_signal)
            return "a signal is not the scheduler's any more";
    if (sigaction(SIGPIPE, NULL, &now) || now.sa_handler != SIG_IGN)
        return "SIGPIPE is not ignored any more";
    if (sigaction(SIGSEGV, NULL, &now) || now.sa_handler == on_fault || now.sa_handler == SIG_DFL)
        return "SIGSEGV is not the JVM's, which cannot live without";
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    for (int i = 1; i < 32; i++)
        if (sigismember(&mask, i) != sigismember(&first_mask, i))
            return "a signal is blocked, and would be in every plugin";
    return inherited();
}

static const char *load(void)
{
    take_signals();
    module = dlopen(module_path, NAEMON ? RTLD_NOW : RTLD_NOW | RTLD_GLOBAL);
    if (!module)
        return dlerror();
    int *api = dlsym(module, "__neb_api_version"), (*init)(int, char *, void *);
    *(void **)&init = dlsym(module, "nebmodule_init");
    if (!api || *api != (NAEMON ? 8 : 4))
        return "it is of another API version, and would not be loaded";
    if (NAEMON)
        lay_objects();
    return init(0, module_arguments, module) == 0 ? NULL : "the scheduler would end now: nebmodule_init has not returned 0";
}

static void retention(int type)
{
    struct head begins = {0}, ended = {0};
    broker(RETENTION, type, &begins);
    broker(RETENTION, type + 1, &ended);
}

static void start(void)
{
    process_event(104);
    if (!NAEMON)
        lay_objects();
    process_event(100);
    retention(1600); /* what was retained is read; here, nothing */
    process_event(105);
}

static const char *unload(int reason)
{
    int (*deinit)(int, int);
    process_event(106);
    process_event(reason == 1 ? 103 : 102);
    retention(1602);
    *(void **)&deinit = dlsym(module, "nebmodule_deinit");
    deinit(1, reason);
    callback_count = 0;
    dlclose(module);
    free_objects();
    for (int i = 0; i < WATCHED; i++)
        if (watched[i].handler)
            return "it has left a descriptor in the I/O broker";
    return NULL;
}

static const char *load_again(void)
{
    int before = callback_count, (*init)(int, char *, void *);
    *(void **)&init = dlsym(module, "nebmodule_init");
    return init(0, module_arguments, module) != 0 ? "nebmodule_init has not returned 0"
        : callback_count != before                ? "it has registered its callbacks twice"
                                                  : NULL;
}

/* --- steps ----------------------------------------------------------------------------------------------------------- */

static void *precheck_elsewhere(void *object) { return (void *)(long)precheck(object); }

static int on_thread(struct object *object)
{
    pthread_t thread;
    void *answer;
    pthread_create(&thread, NULL, precheck_elsewhere, object);
    pthread_join(thread, &answer);
    return (int)(long)answer;
}

static int in_child(struct object *object)
{
    pid_t child = fork();
    if (child == 0)
        _exit(precheck(object) || handle(object) || notify(object, 0, NULL, NULL));
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static int all_prechecks(void)
{
    int answers = 0;
    for (int i = 0; i < OBJECTS; i++)
        answers |= precheck(&objects[i]) | handle(&objects[i]);
    return answers;
}

static void print_state(struct object *of)
{
    print("state %s current_state=%d state_type=%d attempt=%d last_state=%d last_hard_state=%d number=%d percent=%.1f output=%s long=%s perf=%s",
        name(of), INT(of, CURRENT_STATE), INT(of, STATE_TYPE), INT(of, CURRENT_ATTEMPT), INT(of, LAST_STATE), INT(of, LAST_HARD_STATE),
        INT(of, CURRENT_NOTIFICATION_NUMBER), REAL(of, PERCENT_STATE_CHANGE), TEXT(of, PLUGIN_OUTPUT), TEXT(of, LONG_PLUGIN_OUTPUT),
        TEXT(of, PERF_DATA));
}

static const char *shift(const char *field, int bytes, int all)
{
    shift_all = all;
    for (shifted = 0; shifted < ALL_FIELDS && strcmp(LAYOUT[shifted].name, field); shifted++)
        continue;
    shift_bytes = bytes;
    return shifted == ALL_FIELDS && strcmp(field, "none") ? "there is no such field" : NULL;
}

static const char *expect(int answer, int expected)
{
    static char why[64];
    snprintf(why, sizeof why, "it answered %d, not %d", answer, expected);
    return answer == expected ? NULL : why;
}

static void take_long(struct object *of, int bytes, struct timeval start, struct timeval end)
{
    char *output = malloc((size_t)bytes + 1);
    memset(output, 'x', (size_t)bytes);
    memcpy(output, "\xff\xfe \xc3", 4);
    output[bytes / 3] = '|';
    output[bytes] = 0;
    take_result(of, 1, output, start, end, 0);
    free(output);
}

/* The newest that somebody deletes by a command. */
static const char *delete_newest(char *name, char *list, enum field field, int (*delete)(int, unsigned long))
{
    if (!list)
        return "there is none";
    unsigned long id = *(unsigned long *)(list + LAYOUT[field].offset);
    char arguments[32];
    snprintf(arguments, sizeof arguments, "%lu", id);
    command_start(name, arguments, time(NULL));
    delete(2, id);
    command_end(name, arguments, time(NULL));
    return NULL;
}

/* A step about an object; returns what is wrong, or NULL. */
static const char *step_of(const char *verb, struct object *of, char *rest)
{
    int number = atoi(rest);
    struct timeval now;
    gettimeofday(&now, NULL);
    struct timeval before = {now.tv_sec - 1, now.tv_usec};
    if (!strcmp(verb, "precheck"))
        return expect(precheck(of), number);
    if (!strcmp(verb, "notify"))
        return expect(notify(of, 0, NULL, NULL), number);
    if (!strcmp(verb, "handler"))
        return expect(handle(of), number);
    if (!strcmp(verb, "thread"))
        return expect(on_thread(of), 0);
    if (!strcmp(verb, "fork"))
        return expect(in_child(of), 0);
    if (!strcmp(verb, "state"))
        print_state(of);
    else if (!strcmp(verb, "check"))
        take_result(of, number, rest + 2, before, now, 0.25);
    else if (!strcmp(verb, "comment"))
        add_new_comment(of->host ? 1 : 2, 1, of->host_name, of->description, now.tv_sec, "anna", rest, 1, 1, 0, 0, NULL);
    else if (!strcmp(verb, "downtime"))
        schedule_downtime(of->host ? 2 : 1, of->host_name, of->description, now.tv_sec, "anna", rest, now.tv_sec, now.tv_sec + 3600, 1, 0, 3600, NULL);
    else if (!strcmp(verb, "acknowledge"))
        acknowledge(of, "anna", rest);
    else if (!strcmp(verb, "mute"))
        mute(of);
    else if (!strcmp(verb, "long"))
        take_long(of, number, before, now);
    else
        return "there is no such step";
    return NULL;
}

static const char *step(char *line)
{
    char *rest = line, *verb = strsep(&rest, " "), *first = rest;
    if (!strcmp(verb, "load"))
        return load();
    if (!strcmp(verb, "start"))
        return start(), NULL;
    if (!strcmp(verb, "again"))
        return load_again();
    if (!strcmp(verb, "reload")) {
        const char *wrong = unload(2);
        return wrong || (wrong = load()) ? wrong : (start(), NULL);
    }
    if (!strcmp(verb, "stop"))
        return unload(1);
    if (!strcmp(verb, "alone"))
        return expect(all_prechecks(), 0);
    if (!strcmp(verb, "retention"))
        return retention(1602), NULL;
    if (!strcmp(verb, "tidy"))
        return tidy();
    if (!strcmp(verb, "uncomment"))
        return delete_newest("DEL_SVC_COMMENT", comment_list, COMMENT_COMMENT_ID, delete_comment);
    if (!strcmp(verb, "undowntime"))
        return delete_newest("DEL_HOST_DOWNTIME", scheduled_downtime_list, DOWNTIME_DOWNTIME_ID, unschedule_downtime);
    if (!strcmp(verb, "mute") && !strchr("hs", *rest)) {
        struct object whole = {0};
        return mute(*rest == 'c' ? NULL : &whole), NULL;
    }
    if (!strcmp(verb, "retained"))
        return retained = 1, NULL;
    first = strsep(&rest, !strcmp(verb, "command") ? ";" : " ");
    if (!strcmp(verb, "command"))
        return command(first, rest ? rest : "", time(NULL)), NULL;
    if (!strcmp(verb, "shift") || !strcmp(verb, "insert"))
        return shift(first, atoi(rest), *verb == 'i');
    char *description = first, *host = strsep(&description, ";");
    struct object *of = find(host, description);
    return of ? step_of(verb, of, rest ? rest : "") : "there is no such object";
}

static void poll_once(char *input, size_t *held, size_t size)
{
    struct pollfd fds[1 + WATCHED] = {{0, POLLIN, 0}};
    for (int i = 0; i < WATCHED; i++)
        fds[1 + i] = (struct pollfd){watched[i].handler ? watched[i].fd : -1, POLLIN, 0};
    poll(fds, 1 + WATCHED, -1);
    for (int i = 0; i < WATCHED; i++)
        if (fds[1 + i].revents && watched[i].handler)
            watched[i].handler(watched[i].fd, fds[1 + i].revents, watched[i].arg);
    if (!fds[0].revents)
        return;
    ssize_t got = read(0, input + *held, size - *held - 1);
    if (got <= 0)
        exit(0);
    input[*held += (size_t)got] = 0;
}

int main(int count, char **arguments)
{
    if (count == 2 && !strcmp(arguments[1], "descriptors"))
        return print_descriptors();
    if (count > 2 && !strcmp(arguments[1], "-v")) {
        version = arguments[2];
        arguments += 2;
        count -= 2;
    }
    if (count != 4)
        return fprintf(stderr, "standin [-v VERSION] MODULE ARGUMENTS MAIN_CONFIG_FILE\n"), 2;
    pthread_sigmask(SIG_BLOCK, NULL, &first_mask);
    module_path = arguments[1];
    module_arguments = arguments[2];
    config_file = arguments[3];
    char input[8192], line[8192], *end;
    size_t held = 0;
    for (;;) {
        poll_once(input, &held, sizeof input);
        while ((end = memchr(input, '\n', held))) {
            *end = 0;
            strcpy(line, input);
            size_t used = (size_t)(end + 1 - input);
            char said[8192];
            strcpy(said, line);
            const char *wrong = step(line);
            print(wrong ? "not ok %s: %s" : "ok %s", said, wrong);
            memmove(input, input + used, held -= used);
        }
    }
}
