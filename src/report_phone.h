/*
 * report_phone.h
 *		Telephone numbers in prose (R6).
 */
#ifndef TW_REPORT_PHONE_H
#define TW_REPORT_PHONE_H

#include "fold.h"

#define TW_PHONE_DIGITS 15

typedef enum TwPhoneKind
{
	TW_MOBILE,
	TW_LANDLINE,				/* with its area code */
	TW_LOCAL,					/* seven or eight digits: a phone only where the text says so */
	TW_SERVICE,					/* 400, 800 */
	TW_SHORT					/* 95588, 12345 */
} TwPhoneKind;

typedef struct TwPhone
{
	int32		first;
	int32		last;
	TwPhoneKind kind;
	char		digits[TW_PHONE_DIGITS + 1];	/* without extension and country; masked ones as * */
} TwPhone;

extern bool tw_find_phone(const TwFolded *folded, int32 at, TwPhone *found);
extern bool tw_same_phone(const char *a, const char *b);
extern int	tw_phone_digits(const char *text, int length, char *digits);

#endif							/* TW_REPORT_PHONE_H */
