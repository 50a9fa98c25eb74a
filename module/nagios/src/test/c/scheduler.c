/*
 * What a scheduler exports, and what it does with its objects: only as much as the module can see. It runs no checks and sends
 * nothing; whoever calls it says what a check found.
 */
#define _GNU_SOURCE
#include "scheduler.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "callbacks.h"

enum { STATES = 21, MAX_ATTEMPTS = 3, ARENA_BYTES = 1 << 20 };

/* --- what a scheduler exports ---------------------------------------------------------------------------------------- */

char *host_list, *service_list, *contact_list, *comment_list, *scheduled_downtime_list;
unsigned num_objects[12];
char *config_file;
int enable_notifications = 1, execute_service_checks = 1, execute_host_checks = 1, accept_passive_service_checks = 1,
    accept_passive_host_checks = 1, enable_event_handlers = 1, enable_flap_detection = 1, process_performance_data,
    obsess_over_services, obsess_over_hosts;
struct watch watched[WATCHED];
void *nagios_iobs = watched;

const char *version = VERSION;
struct object objects[OBJECTS];
static struct { int kind; int (*call)(int, void *); } callbacks[64];
int callback_count;

void print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

const char *get_program_version(void) { return version; }

#if NAEMON
void *get_global_store(void) { return nagios_iobs; }
void nm_log(int type, const char *format, ...)
{
    (void)type;
#else
int logit(int type, int display, const char *format, ...)
{
    (void)type;
    (void)display;
#endif
    va_list arguments;
    va_start(arguments, format);
    char line[4096];
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    print("log: %s", line);
#if !NAEMON
    return 0;
#endif
}

int neb_register_callback(int kind, void *handle, int priority, int (*call)(int, void *))
{
    (void)priority;
    if (!handle || kind < 0 || kind >= KINDS || callback_count == 64)
        return -1;
    callbacks[callback_count].kind = kind;
    callbacks[callback_count++].call = call;
    return 0;
}

int iobroker_register(void *set, int fd, void *arg, int (*handler)(int, int, void *))
{
    for (int i = 0; set == watched && i < WATCHED; i++)
        if (!watched[i].handler) {
            watched[i].fd = fd;
            watched[i].arg = arg;
            watched[i].handler = handler;
            return 0;
        }
    return -1;
}

int iobroker_unregister(void *set, int fd)
{
    for (int i = 0; set == watched && i < WATCHED; i++)
        if (watched[i].handler && watched[i].fd == fd) {
            watched[i].handler = NULL;
            return 0;
        }
    return -1;
}

/* All modules are asked, until one blocks. */
int broker(int kind, int type, void *data)
{
    struct head *head = data;
    head->type = type;
    gettimeofday(&head->timestamp, NULL);
    int answer = 0;
    for (int i = 0; i < callback_count && answer != CANCEL && answer != OVERRIDE; i++)
        if (callbacks[i].kind == kind)
            answer = callbacks[i].call(kind, data);
    return answer;
}

void process_event(int type)
{
    struct head data = {0};
    broker(PROCESS, type, &data);
}

/* --- objects --------------------------------------------------------------------------------------------------------- */

static char *arena;
static size_t arena_used;
int retained, shift_bytes, shift_all;
enum field shifted = ALL_FIELDS;

static char *room(int bytes)
{
    char *at = arena + arena_used;
    arena_used += (size_t)(bytes + 15) / 16 * 16;
    return at;
}

static char *word(const char *format, ...)
{
    char *at = room(64);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(at, 64, format, arguments);
    va_end(arguments);
    return at;
}

static char *nth(char *entry, enum field field) { return entry + LAYOUT[field].offset; }

/* As it is at PROCESS_START: configured, and nothing known of its state yet. */
static void lay(struct object *object, int id)
{
    INT(object, ID) = id;
    INT(object, MAX_ATTEMPTS) = MAX_ATTEMPTS;
    INT(object, CURRENT_ATTEMPT) = 1;
    INT(object, STATE_TYPE) = 1;
    INT(object, CHECKS_ENABLED) = INT(object, ACCEPT_PASSIVE_CHECKS) = INT(object, EVENT_HANDLER_ENABLED) = 1;
    INT(object, NOTIFICATIONS_ENABLED) = INT(object, FLAP_DETECTION_ENABLED) = INT(object, OBSESS) = 1;
}

/* As it is after its retained state was read: all values differ, so that one in the place of another can be seen. */
static void remember(struct object *object, int id)
{
    long long_ago = 1700000000 + 1000 * id;
    INT(object, CURRENT_STATE) = INT(object, LAST_HARD_STATE) = INT(object, LAST_STATE) = object->host ? 1 : 2;
    INT(object, CURRENT_ATTEMPT) = MAX_ATTEMPTS;
    TEXT(object, PLUGIN_OUTPUT) = strdup("burning");
    TEXT(object, LONG_PLUGIN_OUTPUT) = strdup("first floor");
    TEXT(object, PERF_DATA) = strdup("heat=900");
    LONG(object, CURRENT_EVENT_ID) = 40 + id;
    LONG(object, LAST_EVENT_ID) = 30 + id;
    LONG(object, CURRENT_PROBLEM_ID) = 20 + id;
    LONG(object, LAST_PROBLEM_ID) = 0;
    LONG(object, LAST_NOTIFICATION) = long_ago + 60;
    LONG(object, NEXT_NOTIFICATION) = long_ago + 3660;
    LONG(object, LAST_CHECK) = long_ago + 70;
    LONG(object, NEXT_CHECK) = long_ago + 370;
    LONG(object, LAST_STATE_CHANGE) = long_ago + 10;
    LONG(object, LAST_HARD_STATE_CHANGE) = long_ago + 20;
    LONG(object, LAST_TIME_0) = long_ago;
    LONG(object, LAST_TIME_1) = object->host ? long_ago + 70 : long_ago + 10;
    LONG(object, LAST_TIME_2) = object->host ? 0 : long_ago + 70;
    if (!object->host)
        LONG(object, LAST_TIME_3) = 0;
    INT(object, CURRENT_NOTIFICATION_NUMBER) = 7;
    INT(object, NOTIFIED_ON) = object->host ? 2 : 4;
    REAL(object, PERCENT_STATE_CHANGE) = 12.5;
    INT(object, STATE_HISTORY_INDEX) = 5;
    for (int i = 0; i < STATES; i++)
        ((int *)AT(object, STATE_HISTORY))[i] = i % 2 ? INT(object, CURRENT_STATE) : 0;
}

/* Bytes of a field, as far as they matter: what stands 4 bytes behind it is another one. */
static size_t width(enum field field)
{
    if (field == HOST_STATE_HISTORY || field == SERVICE_STATE_HISTORY)
        return STATES * sizeof(int);
    for (int i = 0; i < ALL_FIELDS; i++)
        if (LAYOUT[i].offset == LAYOUT[field].offset + 4)
            return 4;
    return LAYOUT[field].offset % 8 ? 4 : 8;
}

/* What the module reads by its table is then what it would read in a scheduler of another layout. */
static void apply_shift(void)
{
    if (shifted == ALL_FIELDS)
        return;
    int host = !strncmp(LAYOUT[shifted].name, "host.", 5), from = LAYOUT[shifted].offset;
    size_t bytes = shift_all ? (size_t)(LAYOUT[host ? HOST_SIZEOF : SERVICE_SIZEOF].offset - from) : width(shifted);
    for (int i = 0; i < OBJECTS; i++)
        if (objects[i].host == host)
            memmove(objects[i].at + from, objects[i].at + from + shift_bytes, bytes);
}

void lay_objects(void)
{
    arena = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    arena_used = 64;
    char *group = room(64);
    *(char **)(group + LAYOUT[HOSTGROUP_GROUP_NAME].offset) = word("all");
    char *member = room(16); /* a pair: object, next */
    *(char **)member = group;
    contact_list = room(240);
    *(char **)(nth(contact_list, CONTACT_NAME)) = word("anna");
    *(int *)(nth(contact_list, CONTACT_HOST_NOTIFICATIONS_ENABLED)) = 1;
    *(int *)(nth(contact_list, CONTACT_SERVICE_NOTIFICATIONS_ENABLED)) = 1;
    char **host_end = &host_list, **service_end = &service_list;
    for (int i = 0; i < OBJECTS; i++) { /* all hosts, then all services */
        struct object *of = &objects[i];
        of->host = i < HOSTS;
        int number = of->host ? i : (i - HOSTS) / SERVICES, id = of->host ? i : i - HOSTS;
        of->at = room(LAYOUT[of->host ? HOST_SIZEOF : SERVICE_SIZEOF].offset);
        of->host_name = word("h%d", number);
        of->description = of->host ? NULL : word("s%d", id % SERVICES);
        *(of->host ? host_end : service_end) = of->at;
        *(of->host ? &host_end : &service_end) = (char **)AT(of, NEXT);
        lay(of, id);
        TEXT(of, NAME) = of->host_name;
        *(char **)(of->at + (of->host ? 16 : 24)) = of->host ? word("Server %d", number) : of->description; /* display name */
        if (of->host) {
            *(char **)(of->at + LAYOUT[HOST_HOSTGROUPS_PTR].offset) = member;
        } else {
            *(char **)(of->at + LAYOUT[SERVICE_DESCRIPTION].offset) = of->description;
            *(char **)(of->at + LAYOUT[SERVICE_HOST_PTR].offset) = objects[number].at;
        }
        if (retained)
            remember(of, id);
    }
    num_objects[2] = HOSTS;
    num_objects[5] = HOSTS * SERVICES;
    num_objects[8] = num_objects[10] = 1;
    apply_shift();
}

/* Who still reads them gets a fault, as with freed memory on a bad day. The lists go on pointing there, as Nagios' do. */
void free_objects(void)
{
    if (arena)
        mprotect(arena, ARENA_BYTES, PROT_NONE);
}

struct object *find(const char *host, const char *description)
{
    for (int i = 0; i < OBJECTS && arena; i++)
        if (!strcmp(objects[i].host_name, host) && !strcmp(description ? description : "", objects[i].host ? "" : objects[i].description))
            return &objects[i];
    return NULL;
}

static struct object *at(void *address)
{
    for (int i = 0; i < OBJECTS; i++)
        if (objects[i].at == address)
            return &objects[i];
    print("not ok: no object lies at %p", address);
    exit(1);
}

const char *name(const struct object *object)
{
    static char text[64];
    snprintf(text, sizeof text, "%s%s%s", object->host_name, object->host ? "" : ";", object->host ? "" : object->description);
    return text;
}

/* --- what happens to them -------------------------------------------------------------------------------------------- */

static int check_event(struct object *of, int type, struct timeval start, struct timeval end, double latency, int code)
{
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_usec - start.tv_usec) / 1e6;
    struct check_data service = {.host_name = of->host_name, .description = of->description, .check_type = INT(of, CHECK_TYPE),
        .current_attempt = INT(of, CURRENT_ATTEMPT), .max_attempts = INT(of, MAX_ATTEMPTS), .state_type = INT(of, STATE_TYPE),
        .state = INT(of, CURRENT_STATE), .timeout = 60, .start = start, .end = end, .execution_time = seconds, .latency = latency,
        .return_code = code, .output = TEXT(of, PLUGIN_OUTPUT), .long_output = TEXT(of, LONG_PLUGIN_OUTPUT),
        .perf_data = TEXT(of, PERF_DATA), .object = of->at};
    if (!of->host)
        return broker(SERVICE_CHECK, 700 + type, &service);
    struct host_check_data host = {.host_name = of->host_name, .check_type = INT(of, CHECK_TYPE),
        .current_attempt = INT(of, CURRENT_ATTEMPT), .max_attempts = INT(of, MAX_ATTEMPTS), .state_type = INT(of, STATE_TYPE),
        .state = INT(of, CURRENT_STATE), .timeout = 60, .start = start, .end = end, .execution_time = seconds, .latency = latency,
        .return_code = code, .output = TEXT(of, PLUGIN_OUTPUT), .long_output = TEXT(of, LONG_PLUGIN_OUTPUT),
        .perf_data = TEXT(of, PERF_DATA), .object = of->at};
    return broker(HOST_CHECK, 800 + type, &host);
}

int precheck(struct object *object)
{
    struct timeval never = {0};
    return check_event(object, 4, never, never, 0, 0);
}

int notify(struct object *of, int reason, char *author, char *text)
{
    struct notification_data data = {.notification_type = of->host ? 0 : 1, .host_name = of->host_name,
        .description = of->description, .reason = reason, .state = INT(of, CURRENT_STATE), .output = TEXT(of, PLUGIN_OUTPUT),
        .author = author, .text = text, .object = of->at};
    if (!NAEMON && reason == 0)
        INT(of, CURRENT_NOTIFICATION_NUMBER)++; /* Nagios counts before it asks */
    int answer = broker(NOTIFICATION, 600, &data);
    if (answer == CANCEL || answer == OVERRIDE)
        return answer;
    if (NAEMON && reason == 0)
        INT(of, CURRENT_NOTIFICATION_NUMBER)++;
    LONG(of, LAST_NOTIFICATION) = time(NULL);
    data.contacts_notified = 1;
    gettimeofday(&data.end, NULL);
    broker(NOTIFICATION, 601, &data);
    return answer;
}

int handle(struct object *of)
{
    struct handler_data data = {.handler_type = of->host ? 1 : 0, .host_name = of->host_name, .description = of->description,
        .state_type = INT(of, STATE_TYPE), .state = INT(of, CURRENT_STATE), .object = of->at};
    int answer = broker(HANDLER, 500, &data);
    if (answer != OVERRIDE)
        broker(HANDLER, 501, &data);
    return answer;
}

static void replace(char **text, const char *by, size_t bytes)
{
    free(*text);
    *text = by ? strndup(by, bytes) : NULL;
}

/* "first line|performance data\nmore lines": schedulers keep the line feeds of the latter as \n in letters. */
static void take_output(struct object *of, const char *output)
{
    size_t first = strcspn(output, "\n"), plain = strcspn(output, "|\n");
    replace(&TEXT(of, PLUGIN_OUTPUT), output, plain);
    replace(&TEXT(of, PERF_DATA), plain < first ? output + plain + 1 : NULL, first - plain - 1);
    char more[1024] = "", *to = more;
    for (const char *c = output + first + (output[first] != 0); *c && to < more + 1000; c++)
        if (*c == '\n') {
            *to++ = '\\';
            *to++ = 'n';
        } else {
            *to++ = *c;
        }
    replace(&TEXT(of, LONG_PLUGIN_OUTPUT), *more ? more : NULL, sizeof more);
}

/* Takes a result as both schedulers do; the order of callbacks is theirs. */
void take_result(struct object *of, int code, const char *output, struct timeval start, struct timeval end, double latency)
{
    int before = INT(of, CURRENT_STATE), state = of->host ? code >= 2 : code, changed = state != before, max = INT(of, MAX_ATTEMPTS);
    int attempt = state == 0 || before == 0 ? 1 : INT(of, CURRENT_ATTEMPT) < max ? INT(of, CURRENT_ATTEMPT) + 1 : max;
    INT(of, LAST_STATE) = before;
    INT(of, CURRENT_STATE) = state;
    INT(of, CURRENT_ATTEMPT) = attempt;
    INT(of, STATE_TYPE) = state == 0 || attempt == max;
    int hard = INT(of, STATE_TYPE) && INT(of, LAST_HARD_STATE) != state;
    LONG(of, LAST_CHECK) = start.tv_sec;
    LONG(of, NEXT_CHECK) = start.tv_sec + 300;
    if (changed)
        LONG(of, LAST_STATE_CHANGE) = end.tv_sec;
    if (hard) {
        LONG(of, LAST_HARD_STATE_CHANGE) = end.tv_sec;
        INT(of, LAST_HARD_STATE) = state;
    }
    *(state == 0 ? &LONG(of, LAST_TIME_0) : state == 1 ? &LONG(of, LAST_TIME_1) : state == 2 ? &LONG(of, LAST_TIME_2) : &LONG(of, LAST_TIME_3)) = end.tv_sec;
    take_output(of, output);
    if (hard)
        notify(of, 0, NULL, NULL);
    if (changed || hard || !INT(of, STATE_TYPE)) {
        struct change_data change = {.change_type = of->host ? 0 : 1, .host_name = of->host_name, .description = of->description,
            .state = state, .state_type = INT(of, STATE_TYPE), .attempt = attempt, .max_attempts = max,
            .output = TEXT(of, PLUGIN_OUTPUT), .object = of->at};
        broker(STATE_CHANGE, 1801, &change);
        handle(of);
    }
    check_event(of, 1, start, end, latency, code);
}

struct check_engine { const char *name; const char *(*source_name)(const void *); void (*clean)(void *); };

int process_check_result(char *result)
{
    struct object *of = find(*(char **)(result + 8), *(char **)(result + 16));
    struct check_engine *engine = *(struct check_engine **)(result + 264);
    if (!of || of->host != *(int *)result) {
        print("not ok process_check_result: no object of this type and name");
        return -1;
    }
    int code = *(int *)(result + LAYOUT[CHECK_RESULT_RETURN_CODE].offset);
    if (!NAEMON && !*(int *)(result + LAYOUT[CHECK_RESULT_RESCHEDULE_CHECK].offset))
        print("not ok process_check_result: Nagios would never run this check again");
    print("call process_check_result %s return_code=%d exited_ok=%d early_timeout=%d check_type=%d engine=%s source=%s output=%s",
        name(of), code, *(int *)(result + LAYOUT[CHECK_RESULT_EXITED_OK].offset),
        *(int *)(result + LAYOUT[CHECK_RESULT_EARLY_TIMEOUT].offset), *(int *)(result + 24), engine->name,
        engine->source_name(*(void **)(result + 272)), *(char **)(result + 112));
    take_result(of, code, *(char **)(result + 112), *(struct timeval *)(result + 64), *(struct timeval *)(result + 80), *(double *)(result + 56));
    return 0;
}

int host_notification(void *host, int reason, char *author, char *text, int options)
{
    print("call host_notification %s %d %d", name(at(host)), reason, options);
    return notify(at(host), reason, author, text);
}

int service_notification(void *service, int reason, char *author, char *text, int options)
{
    print("call service_notification %s %d %d", name(at(service)), reason, options);
    return notify(at(service), reason, author, text);
}

void schedule_host_check(void *host, time_t when, int options) { print("call schedule_host_check %s %d %d", name(at(host)), when > 0, options); }
void schedule_service_check(void *service, time_t when, int options) { print("call schedule_service_check %s %d %d", name(at(service)), when > 0, options); }
int update_host_status(void *host, int aggregated) { print("call update_host_status %s %d", name(at(host)), aggregated); return 0; }
int update_service_status(void *service, int aggregated) { print("call update_service_status %s %d", name(at(service)), aggregated); return 0; }
int qh_register_handler(const char *name, const char *description, unsigned options, int (*handler)(int, char *, unsigned))
{
    print("call qh_register_handler %s %s %u %d", name, description, options, handler != NULL);
    return 0;
}

void command_start(char *name, char *arguments, time_t when)
{
    struct command_data data = {.entry_time = when, .name = name, .arguments = arguments};
    broker(COMMAND, 1400, &data); /* what it answers differs in its effect: nobody may rely on it */
}

void command_end(char *name, char *arguments, time_t when)
{
    struct command_data data = {.entry_time = when, .name = name, .arguments = arguments};
    broker(COMMAND, 1401, &data);
}

void command(char *name, char *arguments, time_t when)
{
    command_start(name, arguments, when);
    command_end(name, arguments, when);
}

void acknowledge(struct object *of, char *author, char *text)
{
    struct acknowledgement_data data = {.acknowledgement_type = of->host ? 0 : 1, .host_name = of->host_name,
        .description = of->description, .state = INT(of, CURRENT_STATE), .author = author, .text = text, .sticky = 1,
        .notify_contacts = 1, .object = of->at};
    INT(of, PROBLEM_HAS_BEEN_ACKNOWLEDGED) = 1;
    broker(ACKNOWLEDGEMENT, 1700, &data);
}

/* Notifications of an object, of a contact about services (NULL), or of the whole (its host_name is NULL). */
void mute(struct object *of)
{
    struct adaptive_data object = {.attribute = 1, .attributes = 1, .object = of ? of->at : NULL};
    struct adaptive_contact_data contact = {.service_attribute = 1, .service_attributes = 1, .contact = contact_list};
    struct adaptive_program_data program = {.host_attribute = 1, .host_attributes = 1, .service_attribute = 1, .service_attributes = 1};
    if (!of) {
        *(int *)nth(contact_list, CONTACT_SERVICE_NOTIFICATIONS_ENABLED) = 0;
        broker(ADAPTIVE_CONTACT, 1303, &contact);
    } else if (!of->host_name) {
        enable_notifications = 0;
        broker(ADAPTIVE_PROGRAM, 1300, &program);
    } else {
        INT(of, NOTIFICATIONS_ENABLED) = 0;
        broker(of->host ? ADAPTIVE_HOST : ADAPTIVE_SERVICE, of->host ? 1301 : 1302, &object);
    }
}

/* The object of a command's arguments, NULL if it is about none. */
static struct object *name_of(const char *command, const char *arguments)
{
    char copy[256];
    snprintf(copy, sizeof copy, "%s", arguments ? arguments : "");
    char *rest = copy, *host = strsep(&rest, ";");
    return find(host, strstr(command, "_SVC_") ? strsep(&rest, ";") : NULL);
}

int process_external_command1(char *line)
{
    print("call process_external_command1 %s", strchr(line, ' ') + 1);
    char *copy = strdup(strchr(line, ' ') + 1), *arguments = copy;
    char *name = strsep(&arguments, ";");
    struct object *of = name_of(name, arguments);
    if (of && strstr(name, "_ACKNOWLEDGEMENT"))
        INT(of, PROBLEM_HAS_BEEN_ACKNOWLEDGED) = 0;
    command(name, arguments ? arguments : "", atol(line + 1));
    if (of && !strncmp(name, "ACKNOWLEDGE_", 12))
        acknowledge(of, "who", "why");
    free(copy);
    return 0;
}

/* --- comments and downtimes: lists of what lies there by the layout -------------------------------------------------- */

static char **found(char **list, enum field next, enum field id, unsigned long wanted)
{
    while (*list && *(unsigned long *)nth(*list, id) != wanted)
        list = (char **)nth(*list, next);
    return list;
}

void *find_comment(unsigned long id, int type) { (void)type; return *found(&comment_list, COMMENT_NEXT, COMMENT_COMMENT_ID, id); }
void *find_downtime(int type, unsigned long id) { (void)type; return *found(&scheduled_downtime_list, DOWNTIME_NEXT, DOWNTIME_DOWNTIME_ID, id); }

static unsigned long next_id = 100;

int add_new_comment(int type, int entry_type, char *host, char *description, time_t entry_time, char *author, char *text,
    int persistent, int source, int expires, time_t expire_time, unsigned long *id)
{
    struct object *of = find(host, description);
    if (!of)
        return -1;
    char *entry = calloc(1, 96);
    *(unsigned long *)nth(entry, COMMENT_COMMENT_ID) = ++next_id;
    *(int *)nth(entry, COMMENT_ENTRY_TYPE) = entry_type;
    *(time_t *)nth(entry, COMMENT_ENTRY_TIME) = entry_time;
    *(char **)nth(entry, COMMENT_HOST_NAME) = of->host_name;
    *(char **)nth(entry, COMMENT_SERVICE_DESCRIPTION) = of->description;
    *(char **)nth(entry, COMMENT_AUTHOR) = strdup(author);
    *(char **)nth(entry, COMMENT_COMMENT_DATA) = strdup(text);
    *(char **)nth(entry, COMMENT_NEXT) = comment_list;
    comment_list = entry;
    if (id)
        *id = next_id;
    print("call add_new_comment %d %d %s persistent=%d source=%d expires=%d/%ld %s: %s", type, entry_type, name(of), persistent,
        source, expires, (long)expire_time, author, text);
    struct comment_data data = {.comment_type = type, .host_name = of->host_name, .description = of->description,
        .entry_time = entry_time, .author = author, .text = text, .persistent = persistent, .source = source,
        .entry_type = entry_type, .expires = expires, .expire_time = expire_time, .id = next_id, .object = of->at};
    broker(COMMENT, 900, &data);
    return 0;
}

int delete_comment(int type, unsigned long id)
{
    char **entry = found(&comment_list, COMMENT_NEXT, COMMENT_COMMENT_ID, id);
    print("call delete_comment %d %d", type, *entry != NULL);
    struct comment_data data = {.comment_type = type, .id = id};
    if (*entry) {
        broker(COMMENT, 901, &data);
        *entry = *(char **)nth(*entry, COMMENT_NEXT);
    }
    return 0;
}

int schedule_downtime(int type, char *host, char *description, time_t entry_time, char *author, char *text, time_t start,
    time_t end, int fixed, unsigned long triggered_by, unsigned long duration, unsigned long *id)
{
    struct object *of = find(host, description);
    if (!of)
        return -1;
    char *entry = calloc(1, 160);
    *(unsigned long *)nth(entry, DOWNTIME_DOWNTIME_ID) = ++next_id;
    *(char **)nth(entry, DOWNTIME_HOST_NAME) = of->host_name;
    *(char **)nth(entry, DOWNTIME_SERVICE_DESCRIPTION) = of->description;
    *(time_t *)nth(entry, DOWNTIME_ENTRY_TIME) = entry_time;
    *(time_t *)nth(entry, DOWNTIME_START_TIME) = start;
    *(time_t *)nth(entry, DOWNTIME_END_TIME) = end;
    *(char **)nth(entry, DOWNTIME_AUTHOR) = strdup(author);
    *(char **)nth(entry, DOWNTIME_COMMENT) = strdup(text);
    *(char **)nth(entry, DOWNTIME_NEXT) = scheduled_downtime_list;
    scheduled_downtime_list = entry;
    if (id)
        *id = next_id;
    print("call schedule_downtime %d %s fixed=%d triggered_by=%lu duration=%lu %s: %s", type, name(of), fixed, triggered_by,
        duration, author, text);
    struct downtime_data data = {.downtime_type = type, .host_name = of->host_name, .description = of->description,
        .entry_time = entry_time, .author = author, .text = text, .start_time = start, .end_time = end, .fixed = fixed,
        .duration = duration, .triggered_by = triggered_by, .id = next_id, .object = of->at};
    broker(DOWNTIME, 1100, &data);
    return 0;
}

int unschedule_downtime(int type, unsigned long id)
{
    char **entry = found(&scheduled_downtime_list, DOWNTIME_NEXT, DOWNTIME_DOWNTIME_ID, id);
    print("call unschedule_downtime %d %d", type, *entry != NULL);
    struct downtime_data data = {.downtime_type = type, .id = id};
    if (*entry) {
        broker(DOWNTIME, 1101, &data);
        *entry = *(char **)nth(*entry, DOWNTIME_NEXT);
    }
    return 0;
}
