/*
 * The shim between a scheduler (Nagios 4, Naemon) and the Java module in the same process: starts a JVM, hands callbacks to it,
 * applies what it answers. It knows no scheduler header; every offset comes from Java's layout table. What it relies on:
 *
 *  - all of the scheduler's code runs on one thread; callbacks of others (a signal on a JVM thread), and of forked
 *    children, are not for us;
 *  - whatever goes wrong here, the scheduler goes on as if alone: every callback then answers 0, nebmodule_init always 0;
 *  - linked with -z nodelete: a reload closes and opens the module, but all of this stays, and the JVM with it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENT_BYTES = 512 * 1024, MAX_TEXT = 128 * 1024, MAX_FAULTS = 10 };
enum { PROCESS = 0, PROCESS_START = 100 };
enum { EVENT_HANDLER = 4, SERVICE_CHECK = 6, HOST_CHECK = 7, COMMAND = 17 };
enum { QUERY = 1000 }; /* our own kind: a question of the query handler */
enum { CANCEL = 207, OVERRIDE = 206 };

/* Where faults are counted: the kinds of events, of prechecks from 32 on, and what follows. */
enum { PRECHECKS = 32, TURN = 48, LOADING, STOPPING, QUERYING, PLACES };
enum { MOST_FAULTS_TOLD = 20 };

/* The callbacks that we want, and how much of what they bring is worth copying: the same in all schedulers. */
static const struct { int kind, bytes; } KINDS[] = {
    {0, 32},              /* process */
    {EVENT_HANDLER, 168},
    {5, 136},             /* notification */
    {SERVICE_CHECK, 200},
    {HOST_CHECK, 192},
    {8, 120},             /* comment */
    {9, 136},             /* downtime */
    {14, 72},             /* adaptive: program, host, service */
    {15, 64},
    {16, 64},
    {COMMAND, 64},        /* external */
    {19, 32},             /* retention */
    {21, 168},            /* contact notification method */
    {22, 104},            /* acknowledgement; Naemon's ends 8 bytes later */
    {25, 96},             /* adaptive: contact */
};

int __neb_api_version = 4; /* Nagios 4; the constructor makes it 8 in Naemon */

static JavaVM *jvm;
static JNIEnv *env; /* of the main thread */
static jclass shim;
static jmethodID m_load, m_precheck, m_event, m_turn, m_quiesce, m_to_string;
static pthread_t main_thread;
static int watches_forks;
static volatile int live; /* 0: the scheduler is alone */
static volatile int in_java;
static int faults[PLACES];
static int faults_told;
static volatile int exit_asked;
static int wake_fd = -1;
static unsigned char *event_bytes;
static struct sigaction jvm_handlers[4];
static const int HANDLED[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

/* Where things lie in the scheduler's structures; set from Java. */
static struct {
    int object_bytes[2]; /* service, host */
    int texts[2][3];     /* offsets of plugin output, long output, performance data */
} layout;

struct check_engine { const char *name; const char *(*source_name)(const void *); void (*clean)(void *); };
static const char *source_name(const void *source) { return source ? (const char *)source : "Merlin"; }
static struct check_engine engine = {"Merlin", source_name, NULL};

typedef int (*callback_fn)(int, void *);
typedef int (*io_fn)(int, int, void *);
static int (*register_callback)(int, void *, int, callback_fn);
static int (*io_register)(void *, int, void *, io_fn);
static int (*io_unregister)(void *, int);
static void **io_set;
static int (*log_nagios)(int, int, const char *, ...);
static void (*log_naemon)(int, const char *, ...);

static void say(const char *format, ...)
{
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (log_naemon)
        log_naemon(262144, "%s", line);
    else if (log_nagios)
        log_nagios(262144, 0, "%s", line);
    else
        fprintf(stderr, "%s\n", line);
}

/* --- guards --------------------------------------------------------------------------------------------------------- */

static int ours(void) { return live && pthread_equal(pthread_self(), main_thread); }

/* In a forked child there is no JVM, only its memory: the module is not there. */
static void forked(void)
{
    live = 0;
    shim = NULL;
}

/* Says in the scheduler's log what was thrown, and forgets it. */
static void say_fault(const char *what)
{
    jthrowable thrown = (*env)->ExceptionOccurred(env);
    if (faults_told < 3)
        (*env)->ExceptionDescribe(env);
    (*env)->ExceptionClear(env);
    if (faults_told++ < MOST_FAULTS_TOLD) {
        jstring words = m_to_string ? (*env)->CallObjectMethod(env, thrown, m_to_string) : NULL;
        const char *text = words && !(*env)->ExceptionCheck(env) ? (*env)->GetStringUTFChars(env, words, NULL) : NULL;
        (*env)->ExceptionClear(env);
        say("merlin: MRL-2099 our own fault in %s: %s", what, text ? text : "an exception");
        if (text)
            (*env)->ReleaseStringUTFChars(env, words, text);
        (*env)->DeleteLocalRef(env, words);
    }
    (*env)->DeleteLocalRef(env, thrown);
}

/* Leaves the scheduler alone until it is loaded anew. Our threads stop, so that the daemon, and by it everyone, knows. */
static void leave_alone(void)
{
    live = 0;
    in_java++;
    (*env)->CallStaticVoidMethod(env, shim, m_quiesce);
    in_java--;
    if ((*env)->ExceptionCheck(env))
        say_fault("leaving");
}

/*
 * After a call into Java: whether it ended well. Ten faults in a row at one place, and the scheduler is left alone; what goes
 * well elsewhere does not make up for a place that always fails.
 */
static int went_well(const char *what, int place)
{
    in_java--;
    if (!(*env)->ExceptionCheck(env)) {
        faults[place] = 0;
        return 1;
    }
    say_fault(what);
    if (++faults[place] == MAX_FAULTS && live) {
        say("merlin: MRL-2098 %d faults in a row, the last in %s: the scheduler goes on alone", faults[place], what);
        leave_alone();
    }
    return 0;
}

/* The JVM ends although nobody could ask us before: not the end of the scheduler, unless it is on its own thread. */
static void JNICALL on_exit_of_jvm(jint status)
{
    int was_live = live;
    live = 0;
    if (was_live && !in_java && !pthread_equal(pthread_self(), main_thread)) {
        fprintf(stderr, "merlin: something in the module ended the JVM (%d): the scheduler goes on alone\n", (int)status);
        for (;;)
            pause();
    }
}

static void close_on_exec(void);

/* Threads that begin meanwhile, and theirs, do not push the scheduler from its core when it wakes them. */
static void begin_threads(int begin)
{
    struct sched_param none = {0};
    if (sched_getscheduler(0) == (begin ? SCHED_OTHER : SCHED_BATCH))
        sched_setscheduler(0, begin ? SCHED_BATCH : SCHED_OTHER, &none);
}

/* --- callbacks ------------------------------------------------------------------------------------------------------ */

static int i32(const void *at, int offset) { int v; memcpy(&v, (const char *)at + offset, 4); return v; }
static void *ptr(const void *at, int offset) { void *v; memcpy(&v, (const char *)at + offset, 8); return v; }

static size_t put_text(size_t at, const char *text)
{
    size_t length = text ? strnlen(text, MAX_TEXT) : 0;
    uint32_t bytes = (uint32_t)length;
    memcpy(event_bytes + at, &bytes, 4);
    if (length)
        memcpy(event_bytes + at + 4, text, length);
    return at + 4 + length;
}

static int call_event(int kind, int type)
{
    in_java++;
    int answer = (*env)->CallStaticIntMethod(env, shim, m_event, kind, type);
    return went_well("a callback", kind == QUERY ? QUERYING : kind) ? answer : 0;
}

/* A check: whether we run it; or what it found: the callback's data, the object, and the texts that the object points to. */
static int on_check(int kind, int type, const char *object)
{
    int host = kind == HOST_CHECK;
    if (type == 704 || type == 804) {
        in_java++;
        int cancel = (*env)->CallStaticIntMethod(env, shim, m_precheck, kind, i32(object, 0));
        return went_well("a precheck", PRECHECKS + kind) && cancel ? CANCEL : 0;
    }
    if (type == 701 || type == 801) {
        memcpy(event_bytes + 256, object, layout.object_bytes[host]);
        size_t at = 256 + 1024;
        for (int i = 0; i < 3; i++)
            at = put_text(at, ptr(object, layout.texts[host][i]));
        call_event(kind, type);
    }
    return 0;
}

static int on_broker_event(int kind, void *data)
{
    size_t i = 0;
    while (i < sizeof KINDS / sizeof *KINDS && KINDS[i].kind != kind)
        i++;
    if (!data || i == sizeof KINDS / sizeof *KINDS || !ours())
        return 0;
    int type = i32(data, 0);
    memcpy(event_bytes + 16, data, KINDS[i].bytes + (kind == 22 && __neb_api_version == 8 ? 8 : 0));
    if (kind == SERVICE_CHECK || kind == HOST_CHECK)
        return on_check(kind, type, ptr(data, kind == HOST_CHECK ? 184 : 192));
    if (kind == PROCESS)
        begin_threads(1);
    int answer = call_event(kind, type);
    if (kind == PROCESS)
        begin_threads(0);
    if (kind == PROCESS && type == PROCESS_START && !answer)
        live = 0; /* the layout does not fit: no object may be touched */
    if (kind == PROCESS)
        close_on_exec(); /* jars are opened when their first class is needed */
    if (kind == PROCESS || !answer)
        return 0;
    return kind == EVENT_HANDLER ? OVERRIDE : CANCEL; /* what the schedulers agree on */
}

/* A question of the query handler: "#merlin nodeinfo". Java answers later, on a copy of the socket: nobody waits for it here. */
static int on_query(int socket, char *question, unsigned bytes)
{
    (void)bytes;
    if (!ours())
        return 503;
    int copy = fcntl(socket, F_DUPFD_CLOEXEC, 3);
    put_text(256, question);
    if (copy >= 0 && call_event(QUERY, copy))
        return 0;
    if (copy >= 0)
        close(copy);
    return 400;
}

static int on_wake(int fd, int events, void *nothing)
{
    uint64_t rings;
    (void)events;
    (void)nothing;
    if (read(fd, &rings, sizeof rings) < 0 && errno != EAGAIN)
        return 0;
    if (ours() && exit_asked) {
        say("merlin: MRL-2098 something in the module called System.exit: the scheduler goes on alone");
        leave_alone();
    }
    if (ours()) {
        in_java++;
        (*env)->CallStaticVoidMethod(env, shim, m_turn);
        went_well("a turn", TURN);
    }
    return 0;
}

/* --- what Java asks ------------------------------------------------------------------------------------------------- */

static jlong JNICALL n_symbol(JNIEnv *e, jclass c, jstring name)
{
    (void)c;
    const char *text = (*e)->GetStringUTFChars(e, name, NULL);
    void *found = dlsym(RTLD_DEFAULT, text);
    (*e)->ReleaseStringUTFChars(e, name, text);
    return (jlong)(intptr_t)found;
}

/* Reads memory that may not be there: a wrong layout gives -1, no fault. */
static jint JNICALL n_read(JNIEnv *e, jclass c, jlong from, jobject into, jint bytes)
{
    (void)c;
    char *to = (*e)->GetDirectBufferAddress(e, into);
    struct iovec local = {to, (size_t)bytes}, remote = {(void *)(intptr_t)from, (size_t)bytes};
    if (!to || bytes > (*e)->GetDirectBufferCapacity(e, into))
        return -1;
    return (jint)process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
}

static jobject JNICALL n_memory(JNIEnv *e, jclass c, jlong at, jint bytes)
{
    (void)c;
    return (*e)->NewDirectByteBuffer(e, (void *)(intptr_t)at, bytes);
}

/* Takes the layout; gives the address of the engine that results of others name as their source. */
static jlong JNICALL n_layout(JNIEnv *e, jclass c, jintArray numbers)
{
    (void)c;
    jint n[8];
    (*e)->GetIntArrayRegion(e, numbers, 0, 8, n);
    for (int host = 0; host < 2; host++) {
        layout.object_bytes[host] = n[host];
        memcpy(layout.texts[host], n + 2 + 3 * host, sizeof layout.texts[host]);
    }
    return (jlong)(intptr_t)&engine;
}

static jlong JNICALL n_address(JNIEnv *e, jclass c, jobject buffer)
{
    (void)c;
    return (jlong)(intptr_t)(*e)->GetDirectBufferAddress(e, buffer);
}

/* Copies a text that ends with a zero, as far as there is room; returns its bytes. */
static jint JNICALL n_text(JNIEnv *e, jclass c, jlong from, jobject into)
{
    (void)c;
    size_t bytes = strnlen((const char *)(intptr_t)from, (size_t)(*e)->GetDirectBufferCapacity(e, into));
    memcpy((*e)->GetDirectBufferAddress(e, into), (const char *)(intptr_t)from, bytes);
    return (jint)bytes;
}

/* Calls a function that takes up to twelve numbers and pointers: they are passed alike. */
static jlong JNICALL n_call(JNIEnv *e, jclass c, jlong function, jlongArray arguments)
{
    (void)c;
    jlong a[12] = {0};
    (*e)->GetLongArrayRegion(e, arguments, 0, (*e)->GetArrayLength(e, arguments), a);
    typedef long (*function_of_12)(long, long, long, long, long, long, long, long, long, long, long, long);
    return ((function_of_12)(intptr_t)function)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]);
}

/* Writes a text that ends with a zero to the scheduler's log. */
static void JNICALL n_log(JNIEnv *e, jclass c, jobject line)
{
    (void)c;
    say("%s", (const char *)(*e)->GetDirectBufferAddress(e, line));
}

/* Answers a question, on any thread, and hangs up; who asks and does not read gets a part. */
static void JNICALL n_reply(JNIEnv *e, jclass c, jint socket, jobject text, jint bytes)
{
    (void)c;
    const char *at = (*e)->GetDirectBufferAddress(e, text);
    while (bytes > 0) {
        ssize_t sent = send(socket, at, (size_t)bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            break;
        at += sent;
        bytes -= (jint)sent;
    }
    close(socket);
}

static void JNICALL n_ring(JNIEnv *e, jclass c)
{
    (void)e;
    (void)c;
    uint64_t one = 1;
    if (wake_fd >= 0 && write(wake_fd, &one, sizeof one) < 0)
        return; /* full: it is awake anyway */
}

/* Somebody called System.exit on a thread that is not the scheduler's, and waits for us for ever: the JVM goes on. */
static void JNICALL n_exit_asked(JNIEnv *e, jclass c)
{
    exit_asked = 1;
    n_ring(e, c);
}

static const JNINativeMethod NATIVES[] = {
    {"symbol", "(Ljava/lang/String;)J", (void *)n_symbol},
    {"read", "(JLjava/nio/ByteBuffer;I)I", (void *)n_read},
    {"memory", "(JI)Ljava/nio/ByteBuffer;", (void *)n_memory},
    {"layout", "([I)J", (void *)n_layout},
    {"address", "(Ljava/nio/ByteBuffer;)J", (void *)n_address},
    {"text", "(JLjava/nio/ByteBuffer;)I", (void *)n_text},
    {"call", "(J[J)J", (void *)n_call},
    {"log", "(Ljava/nio/ByteBuffer;)V", (void *)n_log},
    {"reply", "(ILjava/nio/ByteBuffer;I)V", (void *)n_reply},
    {"ring", "()V", (void *)n_ring},
    {"exitAsked", "()V", (void *)n_exit_asked},
};

/* --- the JVM -------------------------------------------------------------------------------------------------------- */

static int exists(const char *path) { return access(path, R_OK) == 0; }

/* A value of merlin.conf: what stands behind "key =", up to a semicolon or the line's end; empty if it is not there. */
static void conf_value(const char *file, const char *key, char *value, size_t room)
{
    char line[4096];
    FILE *conf = fopen(file && *file ? file : "/etc/merlin/merlin.conf", "re");
    *value = 0;
    while (conf && fgets(line, sizeof line, conf)) {
        char *at = line[strspn(line, " \t")] == '#' ? NULL : strstr(line, key);
        if (!at || (at > line && !strchr(" \t{;", at[-1])))
            continue;
        at += strlen(key);
        at += strspn(at, " \t");
        if (*at++ != '=')
            continue;
        at += strspn(at, " \t\"");
        snprintf(value, room, "%.*s", (int)strcspn(at, ";\"\n"), at);
    }
    if (conf)
        fclose(conf);
}

/* Where libjvm is: java_home of merlin.conf, $MERLIN_JAVA_HOME, $JAVA_HOME, the java of the path, the distribution's default. */
static int find_jvm(const char *conf, char *path)
{
    char own[PATH_MAX / 2];
    conf_value(conf, "java_home", own, sizeof own);
    if (*own) { /* that one or none */
        snprintf(path, PATH_MAX, "%s/lib/server/libjvm.so", own);
        return exists(path);
    }
    const char *homes[] = {getenv("MERLIN_JAVA_HOME"), getenv("JAVA_HOME"), NULL, "/usr/lib/jvm/default-java", "/usr/lib/jvm/default-runtime"};
    char real[PATH_MAX], *search = getenv("PATH"), *copy = strdup(search && *search ? search : "/usr/local/bin:/usr/bin:/bin");
    for (char *rest = copy, *dir; !homes[2] && (dir = strsep(&rest, ":"));) {
        snprintf(path, PATH_MAX, "%s/java", dir);
        if (realpath(path, real) && strlen(real) > 9) {
            real[strlen(real) - 9] = 0; /* /bin/java */
            homes[2] = real;
        }
    }
    free(copy);
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        if (!homes[i])
            continue;
        snprintf(path, PATH_MAX, "%s/lib/server/libjvm.so", homes[i]);
        if (exists(path))
            return 1;
    }
    return 0;
}

static int is_jar(const struct dirent *file)
{
    size_t length = strlen(file->d_name);
    return length > 4 && !strcmp(file->d_name + length - 4, ".jar");
}

/* All jars of the folder that this .so lies in; and where jnr finds its native library, so that it unpacks none. */
static char *class_path(char *natives, char *archive)
{
    Dl_info self;
    char real[PATH_MAX];
    if (!dladdr((void *)class_path, &self) || !realpath(self.dli_fname, real))
        return NULL;
    *strrchr(real, '/') = 0;
    snprintf(natives, 2 * PATH_MAX, "-Djffi.boot.library.path=%s/jni", real);
    snprintf(archive, 2 * PATH_MAX, "-XX:SharedArchiveFile=%s/merlin.jsa", real);
    size_t room = 256 * 1024, used;
    char *path = malloc(room);
    used = (size_t)snprintf(path, room, "-Djava.class.path=");
    struct dirent **files;
    int found = scandir(real, &files, is_jar, alphasort); /* in order, since an archive of classes is of one class path */
    for (int i = 0; i < found; i++) {
        if (used < room - 2 * PATH_MAX)
            used += (size_t)snprintf(path + used, room - used, "%s%s/%s", i ? ":" : "", real, files[i]->d_name);
        free(files[i]);
    }
    if (found >= 0)
        free(files);
    return path;
}

/*
 * What the JVM opens, mostly without O_CLOEXEC, must not go over to the scheduler's workers and plugins: a socket that one of them
 * holds does not end with the scheduler. Runs in each forked child too, so that nothing slips through that was opened since. What
 * others hand to a program of theirs are its standard descriptors, which stay.
 */
static void close_on_exec(void)
{
    DIR *fds = opendir("/proc/self/fd");
    for (struct dirent *fd; fds && (fd = readdir(fds));) {
        int number = atoi(fd->d_name); /* 0 for "." and ".." */
        if (number > 2)
            fcntl(number, F_SETFD, FD_CLOEXEC);
    }
    if (fds)
        closedir(fds);
}

/* Where a JVM cannot get what its options ask for, it ends the process. So it is tried in a child first. */
static int would_start(jint (*create)(JavaVM **, void **, void *), JavaVMInitArgs *arguments)
{
    pid_t child = fork();
    int status = 0;
    if (child == 0)
        _exit(create(&jvm, (void **)&env, arguments) == JNI_OK ? 0 : 1);
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 1; /* somebody else took the answer */
    return child > 0 && status == 0;
}

static int start_jvm(const char *conf)
{
    char library[PATH_MAX], natives[2 * PATH_MAX] = "", archive[2 * PATH_MAX] = "", *classes = class_path(natives, archive);
    if (!classes)
        return 0;
    if (!find_jvm(conf, library)) {
        say("merlin: no Java found: install a JRE 17 or newer, or set java_home in merlin.conf (last tried: %s); the scheduler goes on alone", library);
        return 0;
    }
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    jint (*create)(JavaVM **, void **, void *) = handle ? dlsym(handle, "JNI_CreateJavaVM") : NULL;
    if (!create) {
        say("merlin: %s cannot be loaded: %s; the scheduler goes on alone", library, dlerror());
        return 0;
    }
    mallopt(M_ARENA_MAX, 1); /* our threads seldom allocate, and each would keep an arena */
    /* Room for young objects, so that few become old: a full collection of 10,000 services lasts 8 ms. */
    JavaVMOption options[32] = {{"-Xrs", NULL}, {"-Xms16m", NULL}, {"-Xmn4m", NULL}, {"-XX:SurvivorRatio=2", NULL}, {"-Xmx64m", NULL}, {"-Xss512k", NULL},
        {"-XX:+UseSerialGC", NULL}, {"-XX:TieredStopAtLevel=1", NULL}, {"-XX:-UsePerfData", NULL}, {"-XX:-MaxFDLimit", NULL}, {"-XX:StringTableSize=2048", NULL},
        {"-XX:+DisableAttachMechanism", NULL}, {"-XX:ErrorFile=/tmp/merlin-module-%p.log", NULL}, {"exit", (void *)on_exit_of_jvm}, {classes, NULL},
        {natives, NULL}};
    int count = 16;
    if (exists(strchr(archive, '=') + 1)) { /* made by mon module install; one that fits no longer is left aside */
        options[count++].optionString = archive;
        options[count++].optionString = "-Xlog:cds=off";
        options[count++].optionString = "-Xlog:cds+dynamic=off";
    }
    char own[2048];
    int usual = count;
    conf_value(conf, "java_options", own, sizeof own / 2);
    const char *more = getenv("MERLIN_MODULE_JAVA_OPTS"); /* wins, for a try without changing a file */
    snprintf(own + strlen(own), sizeof own - strlen(own), " %s", more ? more : "");
    for (char *rest = own, *option; rest && count < 32 && (option = strsep(&rest, " "));)
        if (*option)
            options[count++].optionString = option;
    JavaVMInitArgs arguments = {JNI_VERSION_10, count, options, JNI_FALSE};
    struct rlimit room;
    int unsure = count > usual || (getrlimit(RLIMIT_AS, &room) == 0 && room.rlim_cur != RLIM_INFINITY);
    begin_threads(1);
    jint status = unsure && !would_start(create, &arguments) ? JNI_EINVAL : create(&jvm, (void **)&env, &arguments);
    begin_threads(0);
    if (status != JNI_OK) {
        say("merlin: the JVM of %s did not start (%d); the scheduler goes on alone", library, (int)status);
        jvm = NULL;
        return 0;
    }
    signal(SIGPIPE, SIG_IGN);
    close_on_exec();
    pthread_atfork(NULL, NULL, close_on_exec);
    return 1;
}

static int find_methods(void)
{
    m_to_string = (*env)->GetMethodID(env, (*env)->FindClass(env, "java/lang/Throwable"), "toString", "()Ljava/lang/String;");
    jclass found = (*env)->FindClass(env, "org/merlin/module/nagios/Shim");
    int fits = found && (*env)->RegisterNatives(env, found, NATIVES, sizeof NATIVES / sizeof *NATIVES) == JNI_OK
        && (m_load = (*env)->GetStaticMethodID(env, found, "load", "(Ljava/lang/String;Ljava/lang/String;Ljava/nio/ByteBuffer;)Z"))
        && (m_precheck = (*env)->GetStaticMethodID(env, found, "precheck", "(II)I"))
        && (m_event = (*env)->GetStaticMethodID(env, found, "event", "(II)I"))
        && (m_turn = (*env)->GetStaticMethodID(env, found, "turn", "()V"))
        && (m_quiesce = (*env)->GetStaticMethodID(env, found, "quiesce", "()V"));
    if (!fits) {
        if ((*env)->ExceptionCheck(env))
            say_fault("loading org.merlin.module.nagios.Shim");
        say("merlin: the module's jars are not beside merlin.so, or not of its release; the scheduler goes on alone");
        return 0;
    }
    event_bytes = malloc(EVENT_BYTES);
    shim = event_bytes ? (*env)->NewGlobalRef(env, found) : NULL; /* from here on all of it can be called */
    return shim != NULL;
}

/* --- the scheduler's side ------------------------------------------------------------------------------------------- */

static int find_functions(void)
{
    const char *needed[] = {"neb_register_callback", "iobroker_register", "iobroker_unregister", "nagios_iobs", "get_program_version"};
    void *found[5];
    for (int i = 0; i < 5; i++) {
        found[i] = dlsym(RTLD_DEFAULT, needed[i]);
        if (!found[i]) {
            say("merlin: this scheduler has no %s; it goes on alone", needed[i]);
            return 0;
        }
    }
    memcpy(&register_callback, &found[0], 8);
    memcpy(&io_register, &found[1], 8);
    memcpy(&io_unregister, &found[2], 8);
    io_set = found[3];
    return 1;
}

__attribute__((constructor)) static void which_scheduler(void)
{
    void *naemon = dlsym(RTLD_DEFAULT, "nm_log"), *nagios = dlsym(RTLD_DEFAULT, "logit");
    if (dlsym(RTLD_DEFAULT, "get_global_store"))
        __neb_api_version = 8;
    memcpy(&log_naemon, &naemon, 8);
    memcpy(&log_nagios, &nagios, 8);
}

static int load_module(char *arguments)
{
    const char *version = ((const char *(*)(void))dlsym(RTLD_DEFAULT, "get_program_version"))();
    char description[200];
    snprintf(description, sizeof description, "%s %s", __neb_api_version == 8 ? "naemon" : "nagios", version);
    jstring file = (*env)->NewStringUTF(env, arguments ? arguments : "");
    jstring what = (*env)->NewStringUTF(env, description);
    jobject buffer = (*env)->NewDirectByteBuffer(env, event_bytes, EVENT_BYTES);
    in_java++;
    jboolean loaded = (*env)->CallStaticBooleanMethod(env, shim, m_load, file, what, buffer);
    int fine = went_well("loading the module", LOADING), well = fine && loaded;
    if (!fine)
        say("merlin: the module could not be loaded; the scheduler goes on alone");
    (*env)->DeleteLocalRef(env, file);
    (*env)->DeleteLocalRef(env, what);
    (*env)->DeleteLocalRef(env, buffer);
    return well;
}

int nebmodule_init(int flags, char *arguments, void *handle)
{
    (void)flags;
    if (live) {
        say("merlin: this module is loaded already; the second broker_module line is left out");
        return 0;
    }
    main_thread = pthread_self();
    if (!find_functions() || (!jvm && !start_jvm(arguments)))
        return 0;
    if (!watches_forks) /* to ask for the process's id would be a system call for each callback */
        watches_forks = !pthread_atfork(NULL, NULL, forked);
    for (int i = 0; i < 4; i++) /* Nagios takes SIGSEGV at each reload; the JVM cannot live without */
        sigaction(HANDLED[i], shim ? &jvm_handlers[i] : NULL, shim ? NULL : &jvm_handlers[i]);
    if (!shim && !find_methods())
        return 0;
    memset(faults, 0, sizeof faults);
    faults_told = 0;
    exit_asked = 0;
    if (!load_module(arguments))
        return 0;
    wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake_fd < 0 || io_register(*io_set, wake_fd, NULL, on_wake) < 0) {
        say("merlin: no event descriptor: %s; the scheduler goes on alone", strerror(errno));
        return 0;
    }
    live = 1;
    int (*register_query)(const char *, const char *, unsigned, int (*)(int, char *, unsigned)) = dlsym(RTLD_DEFAULT, "qh_register_handler");
    if (register_query)
        register_query("merlin", "The nodes of this cluster: #merlin help", 0, on_query);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        register_callback(KINDS[i].kind, handle, 0, on_broker_event);
    return 0;
}

int nebmodule_deinit(int flags, int reason)
{
    (void)flags;
    (void)reason;
    if (jvm && shim && pthread_equal(pthread_self(), main_thread)) {
        in_java++;
        (*env)->CallStaticVoidMethod(env, shim, m_quiesce);
        went_well("stopping the module", STOPPING);
    }
    live = 0;
    if (wake_fd >= 0) {
        if (*io_set)
            io_unregister(*io_set, wake_fd);
        close(wake_fd);
        wake_fd = -1;
    }
    return 0;
}
