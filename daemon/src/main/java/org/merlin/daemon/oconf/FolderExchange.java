package org.merlin.daemon.oconf;

import java.io.IOException;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.merlin.confsync.generation.WorkingFolder;

/** Exchanges two folders in one step, by Linux' {@code renameat2}; where libc or the file system cannot, it says so. */
final class FolderExchange implements WorkingFolder.Exchange {
    private static final int AT_FDCWD = -100;
    private static final int RENAME_EXCHANGE = 2;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;

    /** What we need of libc. */
    public interface LibC {
        int renameat2(int oldFolder, String oldPath, int newFolder, String newPath, int flags);
    }

    private LibC libc;

    @Override
    public boolean exchange(Path one, Path other) throws IOException {
        try {
            if (libc == null) {
                libc = LibraryLoader.create(LibC.class).load("c");
            }
            if (libc.renameat2(AT_FDCWD, one.toString(), AT_FDCWD, other.toString(), RENAME_EXCHANGE) == 0) {
                return true;
            }
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
        int error = Runtime.getSystemRuntime().getLastError();
        if (error == EINVAL || error == ENOSYS) {
            return false;
        }
        throw new IOException(one + " and " + other + " cannot be exchanged: error " + error
                + " (see errno(3)); are both on the same file system, and may the daemon's user write there?");
    }
}
