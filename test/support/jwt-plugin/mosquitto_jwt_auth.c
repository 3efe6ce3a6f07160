/*
 * A stand-in for wiomoc/mosquitto-jwt-auth 0.4.0 in tests: the same options, the same answers at CONNECT.
 *
 * - RS256 only. The key is an RSA public key in PKCS#1 DER; with any other the broker starts, and every login fails.
 * - sub must be the username, exp must lie ahead, nbf and iat must not; there is no leeway. A token without exp
 *   is let in, as the original does.
 * - Rights are left to the acl_file: on Mosquitto 2.0 it alone decides where there is one.
 */

#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* mosquitto.h, which the plugin's package does not bring along */
enum { ERR_SUCCESS = 0, ERR_INVAL = 3, ERR_AUTH = 11 };
enum { LOG_LEVEL_ERR = 8 };

typedef struct {
	mosquitto_plugin_id_t *id;
	EVP_PKEY *key;
	bool validate_exp;
	bool validate_sub;
} plugin_t;

static unsigned char *read_file(const char *path, long *length)
{
	FILE *file = fopen(path, "rb");
	if(!file) return NULL;
	fseek(file, 0, SEEK_END);
	*length = ftell(file);
	rewind(file);
	unsigned char *content = malloc((size_t)*length + 1);
	if(content && fread(content, 1, (size_t)*length, file) != (size_t)*length){
		free(content);
		content = NULL;
	}
	fclose(file);
	return content;
}

/* Decodes base64url without padding; the result ends in a NUL that is not counted. NULL when it is none. */
static unsigned char *decode_base64url(const char *text, size_t length, size_t *decoded_length)
{
	size_t padded = (length + 3) / 4 * 4;
	char *base64 = malloc(padded + 1);
	unsigned char *decoded = malloc(padded + 1);
	if(!base64 || !decoded) abort();
	for(size_t i = 0; i < padded; i++){
		char c = i < length ? text[i] : '=';
		base64[i] = c == '-' ? '+' : c == '_' ? '/' : c;
	}
	int count = EVP_DecodeBlock(decoded, (unsigned char *)base64, (int)padded);
	free(base64);
	if(count < 0 || length % 4 == 1){
		free(decoded);
		return NULL;
	}
	*decoded_length = (size_t)count - (padded - length);
	decoded[*decoded_length] = '\0';
	return decoded;
}

static const char *skip_string(const char *s)
{
	for(s++; *s && *s != '"'; s++) if(*s == '\\' && s[1]) s++;
	return *s ? s + 1 : s;
}

static const char *skip_space(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

/* The value of a member of the outermost JSON object; NULL when it has none of this name. */
static const char *find_member(const char *json, const char *name)
{
	int depth = 0;
	for(const char *s = json; *s; ){
		if(*s == '"'){
			const char *end = skip_string(s);
			const char *after = skip_space(end);
			size_t length = (size_t)(end - s) - 2;
			if(depth == 1 && *after == ':' && length == strlen(name) && !strncmp(s + 1, name, length))
				return skip_space(after + 1);
			s = end;
			continue;
		}
		if(*s == '{' || *s == '[') depth++;
		if(*s == '}' || *s == ']') depth--;
		s++;
	}
	return NULL;
}

static bool is_text(const char *value, const char *expected)
{
	size_t length = strlen(expected);
	return value && value[0] == '"' && !strncmp(value + 1, expected, length) && value[length + 1] == '"';
}

static bool header_is_rs256(const char *token, size_t length)
{
	size_t ignored;
	unsigned char *header = decode_base64url(token, length, &ignored);
	bool is = header && is_text(find_member((char *)header, "alg"), "RS256");
	free(header);
	return is;
}

static bool is_signed(const plugin_t *plugin, const char *token, size_t length, const char *signature)
{
	size_t signature_length;
	unsigned char *bytes = decode_base64url(signature, strlen(signature), &signature_length);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is = bytes && context && plugin->key
		&& EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, plugin->key) == 1
		&& EVP_DigestVerify(context, bytes, signature_length, (const unsigned char *)token, length) == 1;
	EVP_MD_CTX_free(context);
	free(bytes);
	return is;
}

static bool claims_fit(const plugin_t *plugin, const char *payload, size_t length, const char *username)
{
	size_t ignored;
	char *claims = (char *)decode_base64url(payload, length, &ignored);
	if(!claims) return false;
	long long now = (long long)time(NULL);
	const char *exp = find_member(claims, "exp");
	const char *nbf = find_member(claims, "nbf");
	const char *iat = find_member(claims, "iat");
	bool fit = (!plugin->validate_sub || (username && is_text(find_member(claims, "sub"), username)))
		&& (!plugin->validate_exp || !exp || atoll(exp) > now)
		&& (!nbf || atoll(nbf) <= now)
		&& (!iat || atoll(iat) <= now);
	free(claims);
	return fit;
}

static int on_basic_auth(int event, void *event_data, void *userdata)
{
	(void)event;
	const struct mosquitto_evt_basic_auth *login = event_data;
	const plugin_t *plugin = userdata;
	const char *token = login->password;
	const char *payload = token ? strchr(token, '.') : NULL;
	const char *signature = payload ? strchr(payload + 1, '.') : NULL;
	if(!signature) return ERR_AUTH;

	if(!header_is_rs256(token, (size_t)(payload - token))) return ERR_AUTH;
	if(!is_signed(plugin, token, (size_t)(signature - token), signature + 1)){
		mosquitto_log_printf(LOG_LEVEL_ERR, "jwt: InvalidSignature");
		return ERR_AUTH;
	}
	return claims_fit(plugin, payload + 1, (size_t)(signature - payload) - 1, login->username) ? ERR_SUCCESS : ERR_AUTH;
}

int mosquitto_plugin_version(int count, const int *versions)
{
	for(int i = 0; i < count; i++) if(versions[i] == 5) return 5;
	return -1;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *id, void **user_data, struct mosquitto_opt *options, int count)
{
	plugin_t *plugin = calloc(1, sizeof(plugin_t));
	if(!plugin) return ERR_INVAL;
	plugin->id = id;
	plugin->validate_exp = true;
	plugin->validate_sub = true;
	bool is_rs256 = false;
	for(int i = 0; i < count; i++){
		const char *value = options[i].value;
		if(!strcmp(options[i].key, "jwt_alg")) is_rs256 = !strcmp(value, "RS256");
		if(!strcmp(options[i].key, "jwt_validate_exp")) plugin->validate_exp = !strcmp(value, "true");
		if(!strcmp(options[i].key, "jwt_validate_sub_match_username")) plugin->validate_sub = !strcmp(value, "true");
		if(!strcmp(options[i].key, "jwt_sec_file")){
			long length = 0;
			unsigned char *der = read_file(value, &length);
			const unsigned char *position = der;
			if(der) plugin->key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &position, length);
			free(der);
			if(!position){
				mosquitto_log_printf(LOG_LEVEL_ERR, "Error: jwt_sec_file cannot be read.");
				return ERR_INVAL;
			}
		}
	}
	if(!is_rs256) return ERR_INVAL;
	*user_data = plugin;
	return mosquitto_callback_register(id, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL, plugin);
}

int mosquitto_plugin_cleanup(void *user_data, struct mosquitto_opt *options, int count)
{
	(void)options;
	(void)count;
	plugin_t *plugin = user_data;
	if(!plugin) return ERR_SUCCESS;
	mosquitto_callback_unregister(plugin->id, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL);
	EVP_PKEY_free(plugin->key);
	free(plugin);
	return ERR_SUCCESS;
}
