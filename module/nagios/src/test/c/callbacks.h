/* What callbacks bring: the same in all schedulers as far as written here. The module reads it by offsets. */
#pragma once
#include <stddef.h>
#include <sys/time.h>
#include "layout.h"

enum { PROCESS = 0, HANDLER = 4, NOTIFICATION = 5, SERVICE_CHECK = 6, HOST_CHECK = 7, COMMENT = 8, DOWNTIME = 9,
       ADAPTIVE_PROGRAM = 14, ADAPTIVE_HOST = 15, ADAPTIVE_SERVICE = 16, COMMAND = 17, RETENTION = 19, ACKNOWLEDGEMENT = 22,
       STATE_CHANGE = 23, ADAPTIVE_CONTACT = 25, KINDS = 32 };
enum { CANCEL = 207, OVERRIDE = 206 };

struct head { int type, flags, attr; struct timeval timestamp; };
struct check_data { /* of a service; a host's has no description and the two attempts before the type of the check */
    struct head head;
    char *host_name, *description;
    int check_type, current_attempt, max_attempts, state_type, state, timeout;
    char *command_name, *command_args, *command_line;
    struct timeval start, end;
    int early_timeout;
    double execution_time, latency;
    int return_code;
    char *output, *long_output, *perf_data;
    void *check_result;
    char *object;
};
struct host_check_data {
    struct head head;
    char *host_name;
    int current_attempt, check_type, max_attempts, state_type, state, timeout;
    char *command_name, *command_args, *command_line;
    struct timeval start, end;
    int early_timeout;
    double execution_time, latency;
    int return_code;
    char *output, *long_output, *perf_data;
    void *check_result;
    char *object;
};
struct notification_data {
    struct head head;
    int notification_type;
    struct timeval start, end;
    char *host_name, *description;
    int reason, state;
    char *output, *author, *text;
    int escalated, contacts_notified;
    char *object;
};
struct handler_data {
    struct head head;
    int handler_type;
    char *host_name, *description;
    int state_type, state, timeout;
    char *command_name, *command_args, *command_line;
    struct timeval start, end;
    int early_timeout;
    double execution_time;
    int return_code;
    char *output, *object;
};
struct comment_data {
    struct head head;
    int comment_type;
    char *host_name, *description;
    long entry_time;
    char *author, *text;
    int persistent, source, entry_type, expires;
    long expire_time;
    unsigned long id;
    char *object;
};
struct downtime_data {
    struct head head;
    int downtime_type;
    char *host_name, *description;
    long entry_time;
    char *author, *text;
    long start_time, end_time;
    int fixed;
    unsigned long duration, triggered_by, id;
    char *object;
};
struct command_data { struct head head; int command_type; long entry_time; char *name, *arguments; };
struct adaptive_program_data {
    struct head head;
    int command_type;
    unsigned long host_attribute, host_attributes, service_attribute, service_attributes;
};
struct adaptive_data { struct head head; int command_type; unsigned long attribute, attributes; char *object; };
struct adaptive_contact_data {
    struct head head;
    int command_type;
    unsigned long attribute, attributes, host_attribute, host_attributes, service_attribute, service_attributes;
    char *contact;
};
struct acknowledgement_data {
    struct head head;
    int acknowledgement_type;
    char *host_name, *description;
    int state;
    char *author, *text;
    int sticky, persistent, notify_contacts;
    char *object;
#if NAEMON
    long end_time;
#endif
};
struct change_data {
    struct head head;
    int change_type;
    char *host_name, *description;
    int state, state_type, attempt, max_attempts;
    char *output, *object, *long_output;
};
_Static_assert(offsetof(struct check_data, object) == 192, "service check");
_Static_assert(offsetof(struct host_check_data, object) == 184, "host check");
_Static_assert(offsetof(struct notification_data, object) == 128, "notification");
_Static_assert(offsetof(struct handler_data, object) == 160, "event handler");
_Static_assert(offsetof(struct comment_data, object) == 112, "comment");
_Static_assert(offsetof(struct downtime_data, object) == 128, "downtime");
_Static_assert(offsetof(struct command_data, arguments) == 56, "command");
_Static_assert(offsetof(struct adaptive_program_data, service_attributes) == 64, "adaptive program");
_Static_assert(offsetof(struct adaptive_data, object) == 56, "adaptive host and service");
_Static_assert(offsetof(struct adaptive_contact_data, contact) == 88, "adaptive contact");
_Static_assert(offsetof(struct acknowledgement_data, object) == 96, "acknowledgement");
_Static_assert(offsetof(struct change_data, object) == 80, "state change");
