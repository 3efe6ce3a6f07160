/*
 * Asks a policy service over HTTP as mosquitto-go-auth does, for tests:
 *
 * - backend http: POST /mqtt/user {username,password,clientid} at CONNECT; at each check /mqtt/superuser {username}, then
 *   /mqtt/acl {username,clientid,topic,acc}. The password is never sent again.
 * - backend jwt: the username is the token and travels as Authorization: Bearer; bodies are null, and
 *   {clientid,topic,acc} for /mqtt/acl.
 * - params_mode json: JSON, and acc is a number. params_mode form: a form, and acc is text.
 * - An empty username is refused before anybody is asked. 2xx with "ok":true allows; 5xx and no answer are an error.
 *
 * Options are named as go-auth names them, with auth_opt_ or plugin_opt_ before; one that it does not have is refused.
 * go-auth's own TLS is played by a relay: with ..._with_tls the port that is asked is POLICY_RELAY_PORT of the environment,
 * from where the test goes on by TLS, and only ..._verify_peer true is taken. Answers are not cached.
 */

#include <arpa/inet.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* mosquitto.h, which the plugin's package does not bring along */
enum { ERR_SUCCESS = 0, ERR_INVAL = 3, ERR_AUTH = 11, ERR_ACL_DENIED = 12, ERR_UNKNOWN = 13 };
enum { LOG_LEVEL_ERR = 8 };

typedef struct {
	mosquitto_plugin_id_t *id;
	int port;
	bool jwt;
	bool form;
	bool by_status;
	bool no_superuser;
	bool tls;
	bool verify;
	char *user_uri, *acl_uri, *superuser_uri;
} plugin_t;

typedef struct { const char *name, *value; bool is_number; } field_t;

typedef enum { ALLOWED, DENIED, BROKEN } answer_t;

static void put_json(FILE *out, const char *text)
{
	fputc('"', out);
	for(const unsigned char *s = (const unsigned char *)text; *s; s++){
		if(*s == '"' || *s == '\\') fprintf(out, "\\%c", *s);
		else if(*s < 0x20) fprintf(out, "\\u%04x", *s);
		else fputc(*s, out);
	}
	fputc('"', out);
}

static void put_form(FILE *out, const char *text)
{
	for(const unsigned char *s = (const unsigned char *)text; *s; s++){
		bool plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || strchr("-_.~", *s);
		if(*s == ' ') fputc('+', out);
		else if(plain) fputc(*s, out);
		else fprintf(out, "%%%02X", *s);
	}
}

/* The body for these fields; null, or nothing in a form, where there are none. The caller frees it. */
static char *body_of(const plugin_t *plugin, const field_t *fields, int count)
{
	char *body = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&body, &size);
	if(!out) abort();
	if(count == 0 && !plugin->form) fputs("null", out);
	else if(!plugin->form) fputc('{', out);
	for(int i = 0; i < count; i++){
		if(i) fputc(plugin->form ? '&' : ',', out);
		if(plugin->form){
			fprintf(out, "%s=", fields[i].name);
			put_form(out, fields[i].value);
		}else{
			put_json(out, fields[i].name);
			fputc(':', out);
			if(fields[i].is_number) fputs(fields[i].value, out);
			else put_json(out, fields[i].value);
		}
	}
	if(count > 0 && !plugin->form) fputc('}', out);
	fclose(out);
	return body;
}

static int connected_socket(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = 5 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if(fd < 0) return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if(connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
	close(fd);
	return -1;
}

static bool send_all(int fd, const char *text, size_t size)
{
	while(size > 0){
		ssize_t sent = send(fd, text, size, MSG_NOSIGNAL);
		if(sent <= 0) return false;
		text += sent;
		size -= (size_t)sent;
	}
	return true;
}

static answer_t read_answer(int fd, bool by_status)
{
	char text[8192];
	size_t size = 0;
	ssize_t got;
	while(size < sizeof text - 1 && (got = recv(fd, text + size, sizeof text - 1 - size, 0)) > 0) size += (size_t)got;
	text[size] = '\0';
	int status = 0;
	if(sscanf(text, "HTTP/1.1 %d", &status) != 1 || status >= 500) return BROKEN;
	return status >= 200 && status < 300 && (by_status || strstr(text, "\"ok\":true")) ? ALLOWED : DENIED;
}

static answer_t ask(const plugin_t *plugin, const char *path, const char *token, const field_t *fields, int count)
{
	char *body = body_of(plugin, fields, count), *request = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&request, &size);
	if(!out) abort();
	fprintf(out, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: %s\r\n", path,
			plugin->form ? "application/x-www-form-urlencoded" : "application/json");
	if(token) fprintf(out, "Authorization: Bearer %s\r\n", token);
	fprintf(out, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
	fclose(out);
	int fd = connected_socket(plugin->port);
	answer_t answer = fd >= 0 && send_all(fd, request, size) ? read_answer(fd, plugin->by_status) : BROKEN;
	if(fd >= 0) close(fd);
	free(request);
	free(body);
	if(answer == BROKEN) mosquitto_log_printf(LOG_LEVEL_ERR, "policy: %s failed", path);
	return answer;
}

static int on_basic_auth(int event, void *event_data, void *user_data)
{
	struct mosquitto_evt_basic_auth *login = event_data;
	plugin_t *plugin = user_data;
	(void)event;
	if(!login->username || !login->username[0]) return ERR_AUTH;
	const field_t fields[] = {
		{ "username", login->username, false },
		{ "password", login->password ? login->password : "", false },
		{ "clientid", mosquitto_client_id(login->client), false },
	};
	answer_t answer = plugin->jwt ? ask(plugin, plugin->user_uri, login->username, NULL, 0) : ask(plugin, plugin->user_uri, NULL, fields, 3);
	return answer == ALLOWED ? ERR_SUCCESS : answer == DENIED ? ERR_AUTH : ERR_UNKNOWN;
}

static int on_acl_check(int event, void *event_data, void *user_data)
{
	struct mosquitto_evt_acl_check *check = event_data;
	plugin_t *plugin = user_data;
	const char *username = mosquitto_client_username(check->client), *token = plugin->jwt ? username : NULL;
	char access[12];
	(void)event;
	if(!username) return ERR_ACL_DENIED;
	snprintf(access, sizeof access, "%d", check->access);
	const field_t fields[] = {
		{ "username", username, false },
		{ "clientid", mosquitto_client_id(check->client), false },
		{ "topic", check->topic, false },
		{ "acc", access, true },
	};
	answer_t answer = DENIED;
	if(!plugin->no_superuser && plugin->superuser_uri) answer = ask(plugin, plugin->superuser_uri, token, fields, plugin->jwt ? 0 : 1);
	if(answer == DENIED) answer = plugin->jwt ? ask(plugin, plugin->acl_uri, token, fields + 1, 3) : ask(plugin, plugin->acl_uri, NULL, fields, 4);
	return answer == ALLOWED ? ERR_SUCCESS : answer == DENIED ? ERR_ACL_DENIED : ERR_UNKNOWN;
}

int mosquitto_plugin_version(int count, const int *versions)
{
	for(int i = 0; i < count; i++) if(versions[i] == 5) return 5;
	return -1;
}

static bool is(const char *one, const char *other)
{
	return !strcmp(one, other);
}

/* An option that both backends have, without its http_ or jwt_. */
static bool take_remote(plugin_t *plugin, const char *key, const char *value)
{
	if(is(key, "host") || is(key, "timeout") || is(key, "user_agent")) return true;
	if(is(key, "method")) return is(value, "POST");
	if(is(key, "port")) plugin->port = atoi(value);
	else if(is(key, "with_tls")) plugin->tls = is(value, "true");
	else if(is(key, "verify_peer")) plugin->verify = is(value, "true");
	else if(is(key, "getuser_uri")) plugin->user_uri = strdup(value);
	else if(is(key, "aclcheck_uri")) plugin->acl_uri = strdup(value);
	else if(is(key, "superuser_uri")) plugin->superuser_uri = strdup(value);
	else if(is(key, "params_mode")) plugin->form = is(value, "form");
	else if(is(key, "response_mode")) plugin->by_status = is(value, "status");
	else return false;
	return true;
}

static bool take_option(plugin_t *plugin, const char *key, const char *value)
{
	static const char *const passed[] = { "cache", "cache_type", "cache_host", "cache_port", "cache_db", "cache_reset",
		"auth_cache_seconds", "acl_cache_seconds", "auth_jitter_seconds", "acl_jitter_seconds", "log_level" };
	for(size_t i = 0; i < sizeof passed / sizeof *passed; i++) if(is(key, passed[i])) return true;
	if(is(key, "backends")) plugin->jwt = is(value, "jwt");
	else if(is(key, "disable_superuser")) plugin->no_superuser = is(value, "true");
	else if(is(key, "jwt_mode")) return is(value, "remote");
	else if(!strncmp(key, "http_", 5)) return take_remote(plugin, key + 5, value);
	else if(!strncmp(key, "jwt_", 4)) return take_remote(plugin, key + 4, value);
	else return false;
	return true;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *id, void **user_data, struct mosquitto_opt *options, int count)
{
	const char *relay = getenv("POLICY_RELAY_PORT");
	plugin_t *plugin = calloc(1, sizeof *plugin);
	if(!plugin) abort();
	*user_data = plugin;
	plugin->id = id;
	/* Unless it is said otherwise. */
	plugin->by_status = true;
	for(int i = 0; i < count; i++) if(!take_option(plugin, options[i].key, options[i].value)){
		mosquitto_log_printf(LOG_LEVEL_ERR, "policy: no option %s", options[i].key);
		return ERR_INVAL;
	}
	if(plugin->tls && (!plugin->verify || !relay)) return ERR_INVAL;
	if(plugin->tls) plugin->port = atoi(relay);
	if(!plugin->user_uri || !plugin->acl_uri) return ERR_INVAL;
	int failed = mosquitto_callback_register(id, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL, plugin);
	return failed ? failed : mosquitto_callback_register(id, MOSQ_EVT_ACL_CHECK, on_acl_check, NULL, plugin);
}

int mosquitto_plugin_cleanup(void *user_data, struct mosquitto_opt *options, int count)
{
	plugin_t *plugin = user_data;
	(void)options;
	(void)count;
	mosquitto_callback_unregister(plugin->id, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL);
	mosquitto_callback_unregister(plugin->id, MOSQ_EVT_ACL_CHECK, on_acl_check, NULL);
	free(plugin->user_uri);
	free(plugin->acl_uri);
	free(plugin->superuser_uri);
	free(plugin);
	return ERR_SUCCESS;
}
