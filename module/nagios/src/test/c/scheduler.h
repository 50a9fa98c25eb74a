/* A scheduler as far as the module sees it: its objects, and what happens to them. Its memory is laid out by layout.h. */
#pragma once
#include <sys/time.h>
#include <time.h>
#include "layout.h"

#define FIELD(id, name, offset) id,
enum field { FIELDS ALL_FIELDS };
#undef FIELD
#define FIELD(id, name, offset) {name, offset},
static const struct { const char *name; int offset; } LAYOUT[] = {FIELDS};

enum { HOSTS = 4, SERVICES = 3, OBJECTS = HOSTS * (1 + SERVICES), WATCHED = 8 };

/* An object, and its fields by name. */
struct object { char *at; int host; char *host_name, *description; };
#define AT(object, FIELD) ((object)->at + LAYOUT[(object)->host ? HOST_##FIELD : SERVICE_##FIELD].offset)
#define INT(object, FIELD) (*(int *)AT(object, FIELD))
#define LONG(object, FIELD) (*(long *)AT(object, FIELD))
#define REAL(object, FIELD) (*(double *)AT(object, FIELD))
#define TEXT(object, FIELD) (*(char **)AT(object, FIELD))

struct watch { int fd; void *arg; int (*handler)(int, int, void *); };

extern const char *version;
extern char *config_file, *comment_list, *scheduled_downtime_list;
extern struct object objects[OBJECTS];
extern struct watch watched[WATCHED];
extern int callback_count;
extern int retained, shift_bytes, shift_all; /* see standin.c */
extern enum field shifted;

void print(const char *format, ...);
const char *name(const struct object *object);
struct object *find(const char *host, const char *description);
void lay_objects(void);
void free_objects(void);

int broker(int kind, int type, void *data);
void process_event(int type);
int precheck(struct object *of);
int notify(struct object *of, int reason, char *author, char *text);
int handle(struct object *of);
void acknowledge(struct object *of, char *author, char *text);
void mute(struct object *of);
void command_start(char *name, char *arguments, time_t when);
void command_end(char *name, char *arguments, time_t when);
void command(char *name, char *arguments, time_t when);
void take_result(struct object *of, int code, const char *output, struct timeval start, struct timeval end, double latency);
int add_new_comment(int type, int entry_type, char *host, char *description, time_t entry_time, char *author, char *text,
    int persistent, int source, int expires, time_t expire_time, unsigned long *id);
int schedule_downtime(int type, char *host, char *description, time_t entry_time, char *author, char *text, time_t start,
    time_t end, int fixed, unsigned long triggered_by, unsigned long duration, unsigned long *id);
int delete_comment(int type, unsigned long id);
int unschedule_downtime(int type, unsigned long id);
