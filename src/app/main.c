/* The program's entry: everything else is in the library, so that tests can link it. */
int main(void)
{
    return 0;
}
