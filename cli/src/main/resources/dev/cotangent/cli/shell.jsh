import dev.cotangent.*;
import dev.cotangent.autograd.*;
import dev.cotangent.cuda.*;
import dev.cotangent.data.*;
import dev.cotangent.nn.*;
import dev.cotangent.optim.*;
import static dev.cotangent.Tensors.*;
import java.util.*;
import java.util.stream.*;
// Single-type imports of classes that clash with Java's.
import dev.cotangent.nn.Module;
import dev.cotangent.autograd.Function;
void print(Object value) { System.out.println(value); }
