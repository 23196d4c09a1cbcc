/*
 * A SQLite VFS over the machine's own that fails the Nth write, fsync or read,
 * once or from then on. It becomes the default of the process, so that the
 * program under test needs no change.
 */
#ifndef INTERVIEWD_TEST_FAILING_VFS_H
#define INTERVIEWD_TEST_FAILING_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

enum failing_kind { FAIL_WRITE, FAIL_SYNC, FAIL_READ, FAIL_KINDS };

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    bool armed;
    enum failing_kind kind;
    int countdown; /* fails when it reaches 0 */
    bool lasting;  /* and ever after, until disarmed */
    int code;      /* what it fails with */
    int hits;
    void (*on_first)(void); /* told of the first failure; may be NULL */
} failing;

struct failing_file {
    sqlite3_file base;
    sqlite3_file *real; /* right behind this struct */
};

static inline sqlite3_file *failing_real(sqlite3_file *f)
{
    return ((struct failing_file *)(void *)f)->real;
}

static inline bool failing_now(enum failing_kind kind)
{
    if (!failing.armed || failing.kind != kind)
        return false;
    if (failing.countdown > 0 && --failing.countdown > 0)
        return false;
    if (failing.hits++ == 0 && failing.on_first != NULL)
        failing.on_first();
    if (!failing.lasting)
        failing.armed = false;
    return true;
}

static inline void failing_arm(enum failing_kind kind, int nth, bool lasting, int code)
{
    failing.armed = true;
    failing.kind = kind;
    failing.countdown = nth;
    failing.lasting = lasting;
    failing.code = code;
    failing.hits = 0;
}

static inline void failing_disarm(void)
{
    failing.armed = false;
}

static int ff_close(sqlite3_file *f)
{
    return failing_real(f)->pMethods->xClose(failing_real(f));
}

static int ff_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    if (failing_now(FAIL_READ))
        return SQLITE_IOERR_READ;
    return failing_real(f)->pMethods->xRead(failing_real(f), to, n, at);
}

static int ff_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (failing_now(FAIL_WRITE)) {
        /* As a real disk would: a part may have been written. */
        failing_real(f)->pMethods->xWrite(failing_real(f), from, n / 2, at);
        return failing.code;
    }
    return failing_real(f)->pMethods->xWrite(failing_real(f), from, n, at);
}

static int ff_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return failing_real(f)->pMethods->xTruncate(failing_real(f), size);
}

static int ff_sync(sqlite3_file *f, int flags)
{
    if (failing_now(FAIL_SYNC))
        return SQLITE_IOERR_FSYNC;
    return failing_real(f)->pMethods->xSync(failing_real(f), flags);
}

static int ff_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return failing_real(f)->pMethods->xFileSize(failing_real(f), size);
}

static int ff_lock(sqlite3_file *f, int lock)
{
    return failing_real(f)->pMethods->xLock(failing_real(f), lock);
}

static int ff_unlock(sqlite3_file *f, int lock)
{
    return failing_real(f)->pMethods->xUnlock(failing_real(f), lock);
}

static int ff_reserved(sqlite3_file *f, int *out)
{
    return failing_real(f)->pMethods->xCheckReservedLock(failing_real(f), out);
}

static int ff_control(sqlite3_file *f, int op, void *arg)
{
    return failing_real(f)->pMethods->xFileControl(failing_real(f), op, arg);
}

static int ff_sector(sqlite3_file *f)
{
    return failing_real(f)->pMethods->xSectorSize(failing_real(f));
}

static int ff_device(sqlite3_file *f)
{
    return failing_real(f)->pMethods->xDeviceCharacteristics(failing_real(f));
}

static int ff_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return failing_real(f)->pMethods->xShmMap(failing_real(f), page, size, extend, out);
}

static int ff_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return failing_real(f)->pMethods->xShmLock(failing_real(f), offset, n, flags);
}

static void ff_shm_barrier(sqlite3_file *f)
{
    failing_real(f)->pMethods->xShmBarrier(failing_real(f));
}

static int ff_shm_unmap(sqlite3_file *f, int erase)
{
    return failing_real(f)->pMethods->xShmUnmap(failing_real(f), erase);
}

static const sqlite3_io_methods failing_methods = {
    .iVersion = 2, /* no memory mapping: every read comes by here */
    .xClose = ff_close,
    .xRead = ff_read,
    .xWrite = ff_write,
    .xTruncate = ff_truncate,
    .xSync = ff_sync,
    .xFileSize = ff_size,
    .xLock = ff_lock,
    .xUnlock = ff_unlock,
    .xCheckReservedLock = ff_reserved,
    .xFileControl = ff_control,
    .xSectorSize = ff_sector,
    .xDeviceCharacteristics = ff_device,
    .xShmMap = ff_shm_map,
    .xShmLock = ff_shm_lock,
    .xShmBarrier = ff_shm_barrier,
    .xShmUnmap = ff_shm_unmap,
};

static int failing_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct failing_file *file = (struct failing_file *)(void *)f;

    (void)vfs;
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(void *)(file + 1);
    int rc = failing.real->xOpen(failing.real, name, file->real, flags, out);
    if (file->real->pMethods != NULL)
        file->base.pMethods = &failing_methods;
    return rc;
}

static inline void failing_register(void)
{
    failing.real = sqlite3_vfs_find(NULL);
    failing.vfs = *failing.real;
    failing.vfs.zName = "failing";
    failing.vfs.pNext = NULL;
    failing.vfs.szOsFile = (int)sizeof(struct failing_file) + failing.real->szOsFile;
    failing.vfs.xOpen = failing_open;
    sqlite3_vfs_register(&failing.vfs, 1);
}

#endif
