#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

// Swift cannot call variadic C; each function here is one typed form of a libcurl call that is variadic.

typedef size_t (*ccurl_data_callback)(char *bytes, size_t size, size_t count, void *context);

/// `curl_global_init` for a process that may end while other threads still close connections.
CURLcode ccurl_global_init(void);

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_set_headers(CURL *easy, struct curl_slist *headers);

/// Copies `count` bytes, which become the body of a POST.
CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t count);

/// `read` gives `count` bytes, which become the body of a POST; `seek` begins anew where they have to be sent again.
CURLcode ccurl_set_body_source(
    CURL *easy, curl_off_t count, ccurl_data_callback read, curl_seek_callback seek, void *context);

CURLcode ccurl_set_callbacks(
    CURL *easy, ccurl_data_callback header, ccurl_data_callback body, curl_xferinfo_callback progress, void *context);

CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value);

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

#endif
