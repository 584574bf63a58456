#include <stdio.h>

int main(int count, char **words)
{
    if (count < 2) {
        fprintf(stderr, "usage: hello NAME...\n");
        return 64;
    }
    for (int i = 1; i < count; i++)
        printf("hello, %s\n", words[i]);
    return 0;
}
