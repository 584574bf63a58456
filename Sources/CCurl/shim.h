// libcurl's types, and its functions as dlopen finds them: linked, it would load some forty libraries at every start.
#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>

struct ccurl {
    CURLcode (*global_init)(long flags);
    CURL *(*easy_init)(void);
    void (*easy_reset)(CURL *handle);
    CURLcode (*easy_perform)(CURL *handle);
    void (*easy_cleanup)(CURL *handle);
    CURLcode (*easy_setopt)(CURL *handle, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *handle, CURLINFO info, ...);
    const char *(*easy_strerror)(CURLcode code);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
    void (*slist_free_all)(struct curl_slist *list);
};

static inline int ccurl_find(void *library, const char *name, void **function) {
    *function = dlsym(library, name);
    return *function != NULL;
}

// Opens libcurl and finds its functions; 0, or -1 if there is none or it lacks one of them.
static inline int ccurl_open(const char *name, struct ccurl *curl) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return -1;
    int complete = ccurl_find(library, "curl_global_init", (void **)&curl->global_init)
        && ccurl_find(library, "curl_easy_init", (void **)&curl->easy_init)
        && ccurl_find(library, "curl_easy_reset", (void **)&curl->easy_reset)
        && ccurl_find(library, "curl_easy_perform", (void **)&curl->easy_perform)
        && ccurl_find(library, "curl_easy_cleanup", (void **)&curl->easy_cleanup)
        && ccurl_find(library, "curl_easy_setopt", (void **)&curl->easy_setopt)
        && ccurl_find(library, "curl_easy_getinfo", (void **)&curl->easy_getinfo)
        && ccurl_find(library, "curl_easy_strerror", (void **)&curl->easy_strerror)
        && ccurl_find(library, "curl_slist_append", (void **)&curl->slist_append)
        && ccurl_find(library, "curl_slist_free_all", (void **)&curl->slist_free_all);
    return complete && curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -1;
}

// curl_easy_setopt(3) takes any type, which Swift cannot call: one function for each type that is passed.
static inline CURLcode ccurl_set_long(const struct ccurl *curl, CURL *handle, CURLoption option, long value) {
    return curl->easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_size(const struct ccurl *curl, CURL *handle, CURLoption option, long long value) {
    return curl->easy_setopt(handle, option, (curl_off_t)value);
}

static inline CURLcode ccurl_set_pointer(
    const struct ccurl *curl, CURL *handle, CURLoption option, const void *value) {
    return curl->easy_setopt(handle, option, value);
}

typedef size_t (*ccurl_transfer)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_seek)(void *context, curl_off_t offset, int origin);
typedef int (*ccurl_progress)(
    void *context, curl_off_t toReceive, curl_off_t received, curl_off_t toSend, curl_off_t sent);

// What a transfer calls, each with `context`.
static inline void ccurl_set_callbacks(
    const struct ccurl *curl, CURL *handle, void *context, ccurl_transfer header, ccurl_transfer write,
    ccurl_transfer read, ccurl_seek seek, ccurl_progress progress) {
    curl->easy_setopt(handle, CURLOPT_HEADERDATA, context);
    curl->easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
    curl->easy_setopt(handle, CURLOPT_WRITEDATA, context);
    curl->easy_setopt(handle, CURLOPT_WRITEFUNCTION, write);
    curl->easy_setopt(handle, CURLOPT_READDATA, context);
    curl->easy_setopt(handle, CURLOPT_READFUNCTION, read);
    curl->easy_setopt(handle, CURLOPT_SEEKDATA, context);
    curl->easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek);
    curl->easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    curl->easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
    curl->easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

// Certificates that are trusted, as PEM. libcurl copies them.
static inline CURLcode ccurl_set_authorities(
    const struct ccurl *curl, CURL *handle, const void *bytes, size_t count) {
    struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
    return curl->easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
}

// The file with the certificates that libcurl trusts by itself; NULL if there is none.
static inline const char *ccurl_authorities(const struct ccurl *curl, CURL *handle) {
    const char *path = NULL;
    return curl->easy_getinfo(handle, CURLINFO_CAINFO, &path) == CURLE_OK ? path : NULL;
}
