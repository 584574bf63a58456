/* Prints a number between 1 and 3999 as a Roman numeral. */
#include <stdio.h>
#include <stdlib.h>

static const struct { int value; const char *letters; } steps[] = {
    {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
    {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
};

int main(int count, char **words)
{
    char *end = NULL;
    long number = count == 2 ? strtol(words[1], &end, 10) : 0;
    if (number < 1 || number > 3999 || *end != '\0') {
        fprintf(stderr, "usage: roman NUMBER, from 1 to 3999\n");
        return 64;
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        for (; number >= steps[i].value; number -= steps[i].value)
            fputs(steps[i].letters, stdout);
    putchar('\n');
    return 0;
}
