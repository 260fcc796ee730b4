/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/file.h"

#include "btfpack/secret_key.h"

/* Where the parts of the decoded file begin. */
enum {
	AT_KIND = 0,
	AT_ENCRYPTION = 2,
	AT_CHECKSUM_KIND = 4,
	AT_SALT = 6,
	AT_WORK = AT_SALT + crypto_pwhash_scryptsalsa208sha256_SALTBYTES,
	AT_MEMORY = AT_WORK + 8,
	AT_SECRET = AT_MEMORY + 8,
	SECRET_ID = 0,               /* from AT_SECRET on */
	SECRET_KEY = SECRET_ID + MINISIGN_ID_SIZE,
	SECRET_CHECKSUM = SECRET_KEY + SECRET_KEY_SIZE,
	CHECKSUM_SIZE = 32,
	SECRET_SIZE = SECRET_CHECKSUM + CHECKSUM_SIZE,
	FILE_SIZE = AT_SECRET + SECRET_SIZE,
	MAX_PASSWORD = 1024,
};

static bool has_kind(const uint8_t *at, const char *kind)
{
	return memcmp(at, kind, 2) == 0;
}

/* Without its end of line. */
static int cut_line(char *line, const char *name, struct error *err)
{
	size_t length = strcspn(line, "\r\n");

	if (!line[length])
		return error_set(err, -EBADMSG, "%s: no password of at most %d bytes on a line of its own",
				 name, MAX_PASSWORD - 2);
	line[length] = '\0';
	return 0;
}

static int read_password(const char *path, char password[static MAX_PASSWORD], struct error *err)
{
	FILE *file = fopen(path, "re");
	int code = 0;

	if (!file)
		return error_errno(err, -errno, "%s", path);
	setvbuf(file, NULL, _IONBF, 0); /* no second copy of it */
	if (!fgets(password, MAX_PASSWORD, file))
		code = ferror(file) ? error_errno(err, -errno, "%s", path)
				    : error_set(err, -EBADMSG, "%s: is empty", path);
	fclose(file);
	return code ? code : cut_line(password, path, err);
}

/* Typed, and not shown. */
static int ask_password(const char *path, char password[static MAX_PASSWORD], struct error *err)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), code = 0;
	struct termios shown, hidden;
	sigset_t held, before;
	ssize_t length;

	if (fd < 0 || tcgetattr(fd, &shown) < 0) {
		if (fd >= 0)
			close(fd);
		return error_set(err, -EACCES, "%s: has a password, and there is no terminal to ask for it: "
				 "name a file that holds it with --password-file", path);
	}
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	/* Whoever gives up here gets a terminal that shows what is typed. */
	sigfillset(&held);
	sigprocmask(SIG_BLOCK, &held, &before);
	dprintf(fd, "Password for %s: ", path);
	if (tcsetattr(fd, TCSAFLUSH, &hidden) == 0)
		length = read(fd, password, MAX_PASSWORD - 1);
	else
		length = -1;
	if (length < 0)
		code = error_errno(err, -errno, "/dev/tty");
	password[length < 0 ? 0 : length] = '\0';
	tcsetattr(fd, TCSAFLUSH, &shown);
	sigprocmask(SIG_SETMASK, &before, NULL);
	dprintf(fd, "\n");
	close(fd);
	return code ? code : cut_line(password, "/dev/tty", err);
}

static int decrypt(uint8_t *file, const char *path, const char *password_file, struct error *err)
{
	char password[MAX_PASSWORD] = "";
	uint8_t stream[SECRET_SIZE];
	size_t i;
	int code;

	code = password_file ? read_password(password_file, password, err)
			     : ask_password(path, password, err);
	if (!code && crypto_pwhash_scryptsalsa208sha256(
			     stream, sizeof(stream), password, strlen(password), file + AT_SALT,
			     load_le64(file + AT_WORK), (size_t)load_le64(file + AT_MEMORY)))
		code = error_errno(err, -ENOMEM, "%s: its key cannot be decrypted", path);
	for (i = 0; !code && i < SECRET_SIZE; i++)
		file[AT_SECRET + i] ^= stream[i];
	sodium_memzero(password, sizeof(password));
	sodium_memzero(stream, sizeof(stream));
	return code;
}

/* Over the kind, the identity and the key: a wrong password shows here. */
static bool is_whole(const uint8_t *file)
{
	uint8_t checksum[CHECKSUM_SIZE];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof(checksum));
	crypto_generichash_update(&state, file + AT_KIND, 2);
	crypto_generichash_update(&state, file + AT_SECRET, SECRET_CHECKSUM);
	crypto_generichash_final(&state, checksum, sizeof(checksum));
	return sodium_memcmp(checksum, file + AT_SECRET + SECRET_CHECKSUM, sizeof(checksum)) == 0;
}

/*
 * minisign gives no checksum to a key without a password, but the key's second half follows from
 * its first.
 */
static bool is_pair(const uint8_t *key)
{
	uint8_t made[crypto_sign_SECRETKEYBYTES], public_key[crypto_sign_PUBLICKEYBYTES];
	bool is_same;

	crypto_sign_seed_keypair(public_key, made, key);
	is_same = sodium_memcmp(made, key, sizeof(made)) == 0;
	sodium_memzero(made, sizeof(made));
	return is_same;
}

static int take(uint8_t *file, const char *path, const char *password_file, struct secret_key *out,
		struct error *err)
{
	const bool is_encrypted = has_kind(file + AT_ENCRYPTION, "Sc");
	int code;

	if (!has_kind(file + AT_KIND, "Ed") || !has_kind(file + AT_CHECKSUM_KIND, "B2") ||
	    (!is_encrypted && !has_kind(file + AT_ENCRYPTION, "\0\0")))
		return error_set(err, -ENOTSUP, "%s: is a key of a kind that is not known here", path);
	if (is_encrypted) {
		code = decrypt(file, path, password_file, err);
		if (code)
			return code;
	}
	if (is_encrypted && !is_whole(file))
		return error_set(err, -EACCES, "%s: the password is wrong", path);
	if (!is_pair(file + AT_SECRET + SECRET_KEY))
		return error_set(err, -EBADMSG, "%s: is damaged", path);
	memcpy(out->id, file + AT_SECRET + SECRET_ID, MINISIGN_ID_SIZE);
	memcpy(out->key, file + AT_SECRET + SECRET_KEY, SECRET_KEY_SIZE);
	return 0;
}

int secret_key_read(const char *path, const char *password_file, struct secret_key *out,
		    struct error *err)
{
	struct buffer text = { 0 };
	uint8_t file[FILE_SIZE];
	int code;

	if (sodium_init() < 0)
		return error_set(err, -EIO, "libsodium: cannot be used here");
	code = file_read(AT_FDCWD, path, MINISIGN_MAX_FILE, &text, err);
	if (code == -EFBIG || (!code && !minisign_file_bytes(buffer_slice(&text), file, sizeof(file))))
		code = error_set(err, -EBADMSG, "%s: is no secret key of minisign", path);
	if (!code)
		code = take(file, path, password_file, out, err);
	if (text.size)
		sodium_memzero(text.data, text.size);
	sodium_memzero(file, sizeof(file));
	buffer_free(&text);
	return code;
}
