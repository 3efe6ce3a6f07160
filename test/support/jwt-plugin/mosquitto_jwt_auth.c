/*
 * A stand-in for wiomoc/mosquitto-jwt-auth 0.4.0 in tests: the same options, the same answers at CONNECT.
 *
 * - RS256 only. The key is an RSA public key in PKCS#1 DER; with any other the broker starts, and every login fails.
 * - jwt_jwks_file wins over the key: a JWK set, of which a token names its key by kid. It is read again at SIGHUP;
 *   one that cannot be read then changes nothing.
 * - sub must be the username, exp must lie ahead, nbf and iat must not; there is no leeway. A token without exp
 *   is let in, as the original does.
 * - Rights are left to the acl_file: on Mosquitto 2.0 it alone decides where there is one.
 */

#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* mosquitto.h, which the plugin's package does not bring along */
enum { ERR_SUCCESS = 0, ERR_INVAL = 3, ERR_AUTH = 11 };
enum { LOG_LEVEL_ERR = 8 };
enum { MAX_KEYS = 8 };

typedef struct {
	mosquitto_plugin_id_t *id;
	EVP_PKEY *key;
	char *set_path;
	struct { char *kid; EVP_PKEY *key; } set[MAX_KEYS];
	int set_count;
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
	if(content) content[*length] = '\0';
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

static char *copy_text(const char *value)
{
	if(!value || *value != '"') return NULL;
	return strndup(value + 1, (size_t)(skip_string(value) - value) - 2);
}

/* A member that is an unsigned number in base64url. */
static BIGNUM *find_number(const char *json, const char *name)
{
	char *text = copy_text(find_member(json, name));
	size_t length = 0;
	unsigned char *bytes = text ? decode_base64url(text, strlen(text), &length) : NULL;
	BIGNUM *number = bytes ? BN_bin2bn(bytes, (int)length, NULL) : NULL;
	free(bytes);
	free(text);
	return number;
}

static EVP_PKEY *key_of_jwk(const char *jwk)
{
	BIGNUM *n = find_number(jwk, "n"), *e = find_number(jwk, "e");
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;
	if(n && e && builder && context && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n)
			&& OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e)){
		OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
		if(EVP_PKEY_fromdata_init(context) != 1 || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) key = NULL;
		OSSL_PARAM_free(params);
	}
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	BN_free(e);
	return key;
}

static void forget_set(plugin_t *plugin)
{
	while(plugin->set_count > 0){
		plugin->set_count--;
		free(plugin->set[plugin->set_count].kid);
		EVP_PKEY_free(plugin->set[plugin->set_count].key);
	}
}

/* Reads jwt_jwks_file; one that holds no key, or a broken one, leaves everything as it was. */
static bool read_set(plugin_t *plugin)
{
	long length = 0;
	char *json = (char *)read_file(plugin->set_path, &length);
	const char *jwk = json ? find_member(json, "keys") : NULL;
	plugin_t next = { 0 };
	bool is_good = jwk != NULL;
	while(is_good && next.set_count < MAX_KEYS && (jwk = strchr(jwk, '{'))){
		next.set[next.set_count].kid = copy_text(find_member(jwk, "kid"));
		next.set[next.set_count].key = key_of_jwk(jwk);
		is_good = next.set[next.set_count].kid && next.set[next.set_count].key;
		next.set_count++;
		jwk = strchr(jwk, '}');
		if(!jwk) break;
	}
	free(json);
	if(!is_good || next.set_count == 0){
		forget_set(&next);
		return false;
	}
	forget_set(plugin);
	memcpy(plugin->set, next.set, sizeof(next.set));
	plugin->set_count = next.set_count;
	return true;
}

/* The key that a token's header names; without a set there is only one. */
static EVP_PKEY *find_key(const plugin_t *plugin, const char *token, size_t header_length)
{
	if(!plugin->set_path) return plugin->key;
	size_t ignored;
	unsigned char *header = decode_base64url(token, header_length, &ignored);
	const char *kid = header ? find_member((char *)header, "kid") : NULL;
	EVP_PKEY *key = NULL;
	for(int i = 0; i < plugin->set_count; i++) if(is_text(kid, plugin->set[i].kid)) key = plugin->set[i].key;
	free(header);
	return key;
}

static bool header_is_rs256(const char *token, size_t length)
{
	size_t ignored;
	unsigned char *header = decode_base64url(token, length, &ignored);
	bool is = header && is_text(find_member((char *)header, "alg"), "RS256");
	free(header);
	return is;
}

static bool is_signed(EVP_PKEY *key, const char *token, size_t length, const char *signature)
{
	size_t signature_length;
	unsigned char *bytes = decode_base64url(signature, strlen(signature), &signature_length);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is = bytes && context && key
		&& EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1
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
	EVP_PKEY *key = find_key(plugin, token, (size_t)(payload - token));
	if(!is_signed(key, token, (size_t)(signature - token), signature + 1)){
		mosquitto_log_printf(LOG_LEVEL_ERR, "jwt: InvalidSignature");
		return ERR_AUTH;
	}
	return claims_fit(plugin, payload + 1, (size_t)(signature - payload) - 1, login->username) ? ERR_SUCCESS : ERR_AUTH;
}

static int on_reload(int event, void *event_data, void *userdata)
{
	(void)event;
	(void)event_data;
	plugin_t *plugin = userdata;
	if(plugin->set_path && !read_set(plugin)) mosquitto_log_printf(LOG_LEVEL_ERR, "jwt: jwt_jwks_file cannot be read.");
	return ERR_SUCCESS;
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
		if(!strcmp(options[i].key, "jwt_jwks_file")) plugin->set_path = strdup(value);
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
	if(plugin->set_path && !read_set(plugin)){
		mosquitto_log_printf(LOG_LEVEL_ERR, "Error: jwt_jwks_file cannot be read.");
		return ERR_INVAL;
	}
	if(!is_rs256 && !plugin->set_path) return ERR_INVAL;
	*user_data = plugin;
	mosquitto_callback_register(id, MOSQ_EVT_RELOAD, on_reload, NULL, plugin);
	return mosquitto_callback_register(id, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL, plugin);
}

int mosquitto_plugin_cleanup(void *user_data, struct mosquitto_opt *options, int count)
{
	(void)options;
	(void)count;
	plugin_t *plugin = user_data;
	if(!plugin) return ERR_SUCCESS;
	mosquitto_callback_unregister(plugin->id, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL);
	mosquitto_callback_unregister(plugin->id, MOSQ_EVT_RELOAD, on_reload, NULL);
	EVP_PKEY_free(plugin->key);
	forget_set(plugin);
	free(plugin->set_path);
	free(plugin);
	return ERR_SUCCESS;
}
